/** Access lines of the entry services, in Envoy's default format with its response flags. */
import type { Plan } from '../plan.ts';
import { Outcome } from '../requests.ts';
import type { World } from '../world.ts';
import type { Names } from './names.ts';

/** UT upstream timeout, UF connection failure, UC connection ended, UO overflow; `-` for none. */
const responseFlags: Readonly<Record<number, string>> = {
  [Outcome.timeout]: 'UT',
  [Outcome.unreachable]: 'UF',
  [Outcome.reset]: 'UC',
  [Outcome.refused]: 'UO',
};

const agents = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
  'Mozilla/5.0 (X11; Linux x86_64)',
  'okhttp/4.12.0',
  'shop-ios/8.3.1',
];

export function accessLine(
  plan: Plan,
  names: Names,
  { clock }: World,
  request: {
    readonly traceId: string;
    readonly flavour: number;
    readonly instance: number;
    readonly endpoint: number;
    readonly status: number;
    readonly us: number;
    readonly cause: number;
  },
): string {
  const { flavour, endpoint, status, cause } = request;
  const wall = new Date(Math.floor((plan.scenario.startUnixUs + (clock[0] as number)) / 1000));
  const sent = status === 200 ? 400 + (flavour % 4000) : 91;
  const received = names.method(endpoint) === 'GET' ? 0 : 120 + (flavour % 900);
  // 198.51.100.0/24 is kept for documentation (RFC 5737).
  const client = `198.51.100.${flavour % 254}`;
  return (
    `[${wall.toISOString()}] "${names.method(endpoint)} ${names.path(endpoint)} HTTP/1.1" ` +
    `${status} ${responseFlags[cause] ?? '-'} ${received} ${sent} ${Math.round(request.us / 1000)} ` +
    `"${client}" "${agents[flavour % agents.length]}" "${request.traceId}" "${names.address(request.instance)}:8080"`
  );
}
