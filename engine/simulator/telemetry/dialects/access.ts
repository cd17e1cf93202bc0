/** Access lines of the proxies that users meet: Envoy's default format, nginx's combined one. */
import type { Runtime } from '../../../scenario/model-services.ts';
import { Outcome } from '../../requests.ts';
import { bytesEscaped } from './escape.ts';
import { common } from './instant.ts';
import { agentOf, clientOf, refererOf, targetOf } from './visitors.ts';

export interface Access {
  /** `2026-03-02T09:12:30.250Z` by the clock of the proxy. */
  readonly wall: string;
  readonly traceId: string;
  /** 32 bits of the request: who asked, for what exactly, from where. */
  readonly flavour: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** From arrival to answer. */
  readonly us: number;
  /** Why it failed, as an outcome; `ok` where it did not, or by the service's own doing. */
  readonly cause: number;
  /** Service that was asked. */
  readonly authority: string;
  /** `10.8.3.4:8080`; '' where the request reached nobody. */
  readonly upstream: string;
  /** The user went away before the answer. */
  readonly abandoned?: boolean;
  /** The last of several attempts failed. */
  readonly retried?: boolean;
}

/** nginx has its own format; whatever else runs stands behind an Envoy. */
export function accessLine(runtime: Runtime, access: Access): string {
  return runtime === 'nginx' ? combined(access) : envoy(access);
}

function envoy(access: Access): string {
  const { wall, flavour, method, path, authority, us, upstream } = access;
  const ms = Math.round(us / 1000);
  // The answer's own time is unknown where the proxy made the answer up itself.
  const flags = flagsOf(access);
  const inside = upstream === '' || flags !== '-' ? '-' : String(ms);
  return (
    `[${wall}] "${method} ${targetOf(method, path, flavour)} HTTP/1.1" ${access.abandoned ? 0 : access.status} ${flags} ` +
    `${received(access)} ${sent(access)} ${ms} ${inside} "${clientOf(flavour)}" "${agentOf(flavour, false)}" ` +
    `"${access.traceId}" "${authority}" "${upstream || '-'}"`
  );
}

/** Combined, and what everybody adds to it: time, upstream, request id. */
function combined(access: Access): string {
  const { wall, flavour, method, path, us, upstream, traceId } = access;
  const target = bytesEscaped(targetOf(method, path, flavour));
  return (
    `${clientOf(flavour)} - - [${common(wall)}] "${method} ${target} HTTP/1.1" ${access.abandoned ? 499 : access.status} ` +
    `${sent(access)} "${refererOf(flavour)}" "${agentOf(flavour, true)}" ` +
    `rt=${(us / 1_000_000).toFixed(3)} ups="${upstream || '-'}" rid=${traceId || '-'}`
  );
}

/** Response flags of Envoy by cause of a failure. */
const responseFlags: Readonly<Record<number, string>> = {
  /** Upstream request timeout. */
  [Outcome.timeout]: 'UT',
  /** Upstream connection failure. */
  [Outcome.unreachable]: 'UF',
  [Outcome.tls]: 'UF',
  /** Upstream connection termination. */
  [Outcome.reset]: 'UC',
  /** Upstream overflow: circuit breaker, pool or queue full. */
  [Outcome.refused]: 'UO',
  [Outcome.breakerOpen]: 'UO',
  [Outcome.bulkheadFull]: 'UO',
  [Outcome.poolTimeout]: 'UO',
  [Outcome.connectionsFull]: 'UO',
  /** No cluster found, as one without addresses looks. */
  [Outcome.dns]: 'NR',
  /** Rate limited. */
  [Outcome.shed]: 'RL',
  /** Rejected by the authorisation filter. */
  [Outcome.token]: 'UAEX',
};

function flagsOf({ cause, abandoned, retried }: Access): string {
  if (abandoned) return 'DC';
  const flags = responseFlags[cause] ?? '-';
  return retried && flags !== '-' ? `${flags},URX` : flags;
}

function received({ method, flavour }: Access): number {
  return method === 'GET' || method === 'HEAD' ? 0 : 120 + ((flavour >>> 0) % 900);
}

function sent({ status, flavour, abandoned }: Access): number {
  if (abandoned) return 0;
  return status < 400 ? 400 + ((flavour >>> 0) % 4000) : 91;
}
