/** Envoy: its own log. Its access log is in access.ts. */
import { severityNumbers } from '../../../sdk/index.ts';
import { addressOf, waitedMs } from './callee.ts';
import { failureText, type ClientWords } from './client.ts';
import type { Dialect, Failure, Line, LineContext } from './dialect.ts';
import { oneLine } from './escape.ts';
import { spaced } from './instant.ts';
import { say, type LifecycleWords } from './lifecycle.ts';
import { mix } from './mix.ts';
import { ownFailureText, plain, type OwnWords } from './own-failure.ts';
import { resourceOf } from './resource.ts';

const broken = 'upstream connect error or disconnect/reset before headers. reset reason:';

const client: ClientWords = {
  ok: (f) => stream(f, `upstream answered ${f.status} after ${waitedMs(f)}ms`),
  unreachable: (f) =>
    stream(
      f,
      `${broken} remote connection failure, transport failure reason: delayed connect error: Connection refused`,
    ),
  reset: (f) => stream(f, `${broken} connection termination`),
  timeout: (f) => stream(f, `upstream request timeout after ${waitedMs(f)}ms`),
  poolTimeout: (f) => stream(f, `pool ${f.pool}: pending request timed out after ${waitedMs(f)}ms`),
  breakerOpen: (f) => stream(f, `${broken} overflow`),
  bulkheadFull: (f) => stream(f, `max requests overflow`),
  tls: (f) =>
    stream(
      f,
      `${broken} remote connection failure, transport failure reason: TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify cert failed: certificate has expired`,
    ),
  dns: (f) =>
    f.dnsAnswer === 'nxdomain'
      ? stream(
          f,
          `dns resolution for ${f.callee} failed with c-ares status 4 (domain name not found)`,
        )
      : f.dnsAnswer === 'timeout'
        ? stream(f, `dns resolution for ${f.callee} failed with c-ares status 12 (timeout)`)
        : stream(f, `dns resolution for ${f.callee} failed with c-ares status 3 (server failure)`),
  missing: (f) => stream(f, 'upstream answered without a result'),
  http: (f, status) => stream(f, `upstream answered ${status} to ${f.method} ${f.path}`),
  database: (f, { severity, text }) => stream(f, `postgres filter: ${severity}: ${text}`),
  cache: (f, text) => stream(f, `redis proxy: ${text}`),
  queue: (f, { code }) => stream(f, `kafka broker filter: ${code}`),
};

function stream(failure: Failure, what: string): string {
  const bits = mix(failure.flavour ?? 0, 33);
  return (
    `[Tags: "ConnectionId":"${bits % 100_000}","StreamId":"${mix(bits, 1)}"] ` +
    `cluster '${failure.callee}' ${addressOf(failure)}: ${what}`
  );
}

const own: OwnWords = {
  bugs: [
    ({ failure }) => plain(`no route matched for URL '${failure.path}'`),
    () => plain('script log: [string "filter"]:14: attempt to index a nil value (local header)'),
    ({ failure }) =>
      plain(`ext_authz filter rejected ${failure.method} ${failure.path}: gRPC status 13`),
  ],
  said: ({ failure }) => plain(failure.message),
  token: () => plain('jwt_authn: Jwt not yet valid: token used before issued'),
  stale: ({ subject, id }) => plain(`no cluster member holds ${subject.singular} ${id}: not found`),
  lockTimeout: ({ subject }) => plain(`lock of ${subject.plural} not acquired in time`),
  exhausted: ({ failure }) => {
    switch (resourceOf(failure.counter)) {
      case 'files':
        return plain('listener failed to accept: Too many open files');
      case 'threads':
        return plain('unable to create worker thread: Resource temporarily unavailable');
      default:
        return plain(`${failure.counter} reached its maximum ${failure.max}`);
    }
  },
  diskFull: () =>
    plain('access log: write to /var/log/envoy/access.log failed: No space left on device'),
  killed: ({ failure }) => plain(`downstream ended ${failure.method} ${failure.path}: local reset`),
  shed: () =>
    plain("overload action 'envoy.overload_actions.stop_accepting_requests' became active"),
  refused: ({ failure }) => plain(`max pending requests overflow (${failure.max} pending)`),
};

const lifecycle: Partial<LifecycleWords> = {
  started: ({ version }) =>
    say(
      severityNumbers.info,
      `all dependencies initialized (${version}). starting workers`,
      'main',
    ),
  stopping: ({ inFlight }) =>
    say(severityNumbers.info, `caught ENVOY_SIGTERM, draining ${inFlight} requests`, 'main'),
  'config-loaded': ({ revision }) =>
    say(severityNumbers.info, `cds: add 0 cluster(s), version ${revision}`, 'upstream'),
  'config-failed': ({ revision, reason }) =>
    say(
      severityNumbers.warn,
      `gRPC config for type.googleapis.com/envoy.config.route.v3.RouteConfiguration rejected (version ${revision}): ${reason}`,
      'config',
    ),
  'breaker-opened': ({ callee, calls }) =>
    say(
      severityNumbers.warn,
      `cluster '${callee}' circuit breaker open: ${calls} pending requests`,
      'upstream',
    ),
  'upstream-ejected': ({ callee, address }) =>
    say(
      severityNumbers.warn,
      `outlier detection: host ${address} of cluster '${callee}' ejected`,
      'upstream',
    ),
  'upstream-restored': ({ callee, address }) =>
    say(
      severityNumbers.info,
      `outlier detection: host ${address} of cluster '${callee}' unejected`,
      'upstream',
    ),
};

export const envoy: Dialect = {
  write,
  failure: (failure) => failureText(client, failure),
  ownFailure: (failure) => ownFailureText(own, failure),
  // Success is in the access log; this one has it at its most talkative only.
  success: ({ method, path, status, ms }) => ({
    message: `encoding headers via codec: ':status', '${status}' for ${method} ${path} after ${ms}ms`,
    fields: [],
    logger: 'http',
  }),
  trace: () => '',
  lifecycle,
};

function write(context: LineContext, { severity, message, logger, stack }: Line): string {
  const thread = 15 + (context.flavour & 15);
  const text = `[${spaced(context.wall)}][${thread}][${levelOf(severity)}][${logger || 'router'}] ${oneLine(message)}`;
  return stack ? `${text}\n${stack}` : text;
}

function levelOf(severity: number): string {
  if (severity >= 17) return severity >= 21 ? 'critical' : 'error';
  if (severity >= 9) return severity >= 13 ? 'warning' : 'info';
  return 'debug';
}
