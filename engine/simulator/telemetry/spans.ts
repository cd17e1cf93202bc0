/**
 * Spans of the traces that are kept: one of each request at the service that does it (server), one of
 * each attempt at the service that asks (client), which is the parent of what it caused. A span that
 * outlives its parent belongs to a caller that gave up. A record has the time at which it can be known; where
 * clocks may be off, `start` says when the span began by the clock of its instance.
 */
import { Kind } from '../../replay/batch.ts';
import { clockOffset } from '../machines.ts';
import type { Plan } from '../plan.ts';
import { Outcome } from '../requests.ts';
import type { World } from '../world.ts';
import { statusOf } from './status.ts';
import type { Names } from './names.ts';
import type { TraceIds } from './trace.ts';

const Status = { ok: 1, error: 2 } as const;

export interface SpanWriter {
  readonly server: (world: World, r: number, outcome: number) => void;
  readonly client: (world: World, r: number, outcome: number) => void;
}

export function makeSpanWriter(plan: Plan, names: Names, ids: TraceIds): SpanWriter {
  const { faults, startUnixUs } = plan.scenario;
  const clocksMayBeOff = faults.some(({ kind }) => kind === 'clock-skew');
  const startOf = (world: World, instance: number, from: number): string => {
    if (!clocksMayBeOff) return '';
    const ms = Math.floor((startUnixUs + from + clockOffset(world, instance)) / 1000);
    return `,"start":"${new Date(ms).toISOString()}"`;
  };
  return {
    server(world, r, outcome) {
      const { requests } = world;
      const endpoint = requests.endpoint[r] as number;
      push(world, {
        service: plan.endpointService[endpoint] as number,
        name: names.endpoint(endpoint),
        failed: outcome !== Outcome.ok,
        from: requests.arrivedAt[r] as number,
        trace: ids.traceId(requests.traffic[r] as number, requests.number[r] as number),
        span: ids.spanId(world, r),
        parent: ids.parentId(world, r),
        attributes:
          `{"span.kind":"server","instance":${JSON.stringify(names.instance(requests.instance[r] as number))}` +
          `,"status":${statusOf(outcome, requests.cause[r] as number)}` +
          `,"queue_ms":${((requests.startedAt[r] as number) - (requests.arrivedAt[r] as number)) / 1000}` +
          `${startOf(world, requests.instance[r] as number, requests.arrivedAt[r] as number)}}`,
      });
    },
    client(world, r, outcome) {
      const { requests } = world;
      const call = requests.call[r] as number;
      const callee = plan.callTo[call] as number;
      push(world, {
        service: plan.endpointService[requests.endpoint[r] as number] as number,
        name: `${names.service(plan.endpointService[callee] as number)} ${names.endpoint(callee)}`,
        failed: outcome !== Outcome.ok,
        from: requests.attemptAt[r] as number,
        trace: ids.traceId(requests.traffic[r] as number, requests.number[r] as number),
        span: ids.attemptId(world, r),
        parent: ids.spanId(world, r),
        attributes:
          `{"span.kind":"client","peer.service":${JSON.stringify(names.service(plan.endpointService[callee] as number))}` +
          `,"attempt":${(requests.attempt[r] as number) + 1},"outcome":"${outcomeNames[outcome] ?? 'error'}"` +
          `${startOf(world, requests.instance[r] as number, requests.attemptAt[r] as number)}}`,
      });
    },
  };
}

/** Outcomes of an attempt as the caller's instrumentation names them. */
const outcomeNames: Readonly<Record<number, string>> = {
  [Outcome.ok]: 'ok',
  [Outcome.failed]: 'error',
  [Outcome.refused]: 'overloaded',
  [Outcome.unreachable]: 'connection refused',
  [Outcome.reset]: 'connection reset',
  [Outcome.timeout]: 'timeout',
  [Outcome.poolTimeout]: 'pool timeout',
  [Outcome.breakerOpen]: 'circuit breaker open',
  [Outcome.bulkheadFull]: 'bulkhead full',
  [Outcome.tls]: 'tls handshake failed',
  [Outcome.dns]: 'name not resolved',
  [Outcome.connectionsFull]: 'too many connections',
  [Outcome.shed]: 'rate limited',
  [Outcome.stale]: 'not found',
};

function push(
  { telemetry, clock }: World,
  span: {
    readonly service: number;
    readonly name: string;
    readonly failed: boolean;
    readonly from: number;
    readonly trace: string;
    readonly span: string;
    readonly parent: string;
    readonly attributes: string;
  },
): void {
  const t = clock[0] as number;
  telemetry?.pending.push({
    kind: Kind.span,
    t,
    subject: span.service,
    severity: span.failed ? Status.error : Status.ok,
    value: t - span.from,
    body: span.name,
    trace: span.trace,
    span: span.span,
    parent: span.parent,
    attributes: span.attributes,
  });
}
