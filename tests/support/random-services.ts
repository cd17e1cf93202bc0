/** Services drawn at random, with a bit of everything. */
import fc, { type GeneratorValue } from 'fast-check';
import type {
  CacheModel,
  CallModel,
  EndpointModel,
  ServiceModel,
} from '../../engine/scenario/model.ts';
import { call, endpoint, millisecond, second, service } from './topology.ts';

/** Draws: whole numbers, one of several, yes in so many of ten times, one of a list by its index. */
export interface Draw {
  readonly whole: (min: number, max: number) => number;
  readonly pick: <T>(first: T, ...others: readonly T[]) => T;
  readonly chance: (tenths: number) => boolean;
  readonly index: (things: readonly unknown[]) => number;
}

/** Every number is as likely as any other: small ones would make small systems, in which little goes wrong. */
const evenly = (min: number, max: number) => fc.noBias(fc.integer({ min, max }));

export function makeDraw(g: GeneratorValue): Draw {
  const whole = (min: number, max: number): number => g(evenly, min, max);
  return {
    whole,
    pick: (first, ...others) => [first, ...others][whole(0, others.length)] ?? first,
    chance: (tenths) => whole(0, 9) >= 10 - tenths,
    index: (things) => whole(0, things.length - 1),
  };
}

export function drawService(draw: Draw, s: number, later: readonly ServiceModel[]): ServiceModel {
  const callees = [...later.keys()].filter((i) => later[i] !== undefined);
  const instances = draw.whole(1, 3);
  const kind =
    callees.length === 0
      ? draw.pick('database', 'queue', 'external')
      : draw.pick('service', 'queue', 'database');
  const pools = callees.length > 0 && draw.chance(5) ? [drawPool(draw)] : [];
  const caches = callees.length > 0 && draw.chance(5) ? [drawCache(draw, callees)] : [];
  const parts = { draw, callees, later, pools: pools.length, caches: caches.length };
  return service(`service-${s}`, {
    kind,
    instances,
    instancesMax: instances + draw.whole(0, 2),
    workers: draw.whole(1, 6),
    queue: draw.whole(0, 12),
    cpus: draw.pick(null, 1, 2),
    memory: draw.chance(3)
      ? {
          limitBytes: 2e6 * draw.whole(5, 40),
          baseBytes: 4e6,
          perRequestBytes: draw.pick(1e5, 1e6),
          collected: draw.chance(5),
        }
      : null,
    disk: draw.chance(3) ? { sizeBytes: 1e9, usedBytes: 5e8 } : null,
    startup: {
      us: draw.pick(0, second, 2 * second),
      warmupUs: draw.pick(0, 0, 3 * second),
      warmupFactor: draw.whole(1, 4),
      calls: callees.length > 0 && draw.chance(2) ? [drawCall(parts)] : [],
      retryUs: draw.pick(0, 300 * millisecond, second),
      jitter: draw.pick(0, 1),
    },
    balancer: {
      policy: draw.pick('round-robin', 'least-requests'),
      healthCheck: draw.chance(4)
        ? {
            intervalUs: second,
            timeoutUs: draw.pick(20, 500) * millisecond,
            unhealthyAfter: draw.whole(1, 3),
            healthyAfter: draw.whole(1, 2),
            deep: draw.chance(5),
          }
        : null,
      panicShare: draw.pick(0, 0.5),
    },
    autoscale: draw.chance(2)
      ? { min: 1, max: instances + 2, target: 0.5, everyUs: 2 * second, lagUs: 3 * second }
      : null,
    pools,
    caches,
    endpoints: Array.from({ length: draw.whole(1, 2) }, (_, e) => drawEndpoint(parts, kind, e)),
    connectionsMax: draw.pick(Infinity, Infinity, 5),
    replicaOf: kind === 'database' ? (draw.pick(null, ...replicable(later)) ?? null) : null,
    applyUs: draw.whole(0, 5) * millisecond,
    flags: draw.pick([], ['new']),
  });
}

function replicable(later: readonly (ServiceModel | undefined)[]): (number | null)[] {
  return [...later.keys()].filter((s) => later[s]?.kind === 'database');
}

/** Takes the messages of a queue. Its handler calls nobody, so that a message never makes more messages. */
export function drawConsumer(draw: Draw, queue: number): ServiceModel {
  return service('consumer', {
    instances: draw.whole(1, 2),
    instancesMax: 3,
    workers: draw.whole(1, 3),
    queue: draw.whole(0, 2),
    endpoints: [endpoint({ name: 'handle', serviceTime: drawTime(draw) })],
    consumes: [
      {
        service: queue,
        topic: 0,
        endpoint: 0,
        attemptsMax: draw.pick(1, 3, Infinity),
        backoffUs: draw.pick(0, 100 * millisecond),
      },
    ],
  });
}

interface Parts {
  readonly draw: Draw;
  readonly callees: readonly number[];
  readonly later: readonly ServiceModel[];
  readonly pools: number;
  readonly caches: number;
}

function drawEndpoint(parts: Parts, kind: string, e: number): EndpointModel {
  const { draw, callees } = parts;
  const calls = callees.length === 0 ? 0 : draw.whole(0, 3);
  return endpoint({
    name: `endpoint-${e}`,
    serviceTime: drawTime(draw),
    calls: Array.from({ length: calls }, () => drawCall(parts)),
    table: kind === 'database' ? draw.pick(null, 'orders', 'users') : null,
    writes: draw.chance(4),
    lockTimeoutUs: draw.pick(Infinity, 500 * millisecond),
    tokenLeewayUs: draw.pick(Infinity, second),
    partitions: kind === 'queue' ? draw.whole(1, 3) : 1,
  });
}

function drawTime(draw: Draw): EndpointModel['serviceTime'] {
  const us = draw.pick(0, 500, 5_000, 30_000);
  return draw.pick<EndpointModel['serviceTime']>(
    { kind: 'constant', us },
    { kind: 'exponential', meanUs: us },
    { kind: 'lognormal', p50Us: us + 100, p99Us: 5 * us + 500 },
  );
}

function drawPool(draw: Draw): ServiceModel['pools'][number] {
  return { name: 'pool', size: draw.whole(1, 4), timeoutUs: draw.pick(50, 1000) * millisecond };
}

function drawCache(draw: Draw, callees: readonly number[]): CacheModel {
  return {
    name: 'cache',
    store: draw.chance(5) ? { service: callees[draw.index(callees)] ?? 0, endpoint: 0 } : null,
    keys: draw.pick(1, 5, 100),
    skew: draw.pick(0, 1),
    ttlUs: draw.pick(Infinity, 500 * millisecond),
    jitter: draw.pick(0, 0.5),
    warm: draw.chance(5),
    coalesce: draw.chance(5),
  };
}

function drawCall({ draw, callees, later, pools, caches }: Parts): CallModel {
  const to = callees[draw.index(callees)] ?? 0;
  return call(to, {
    endpoint: draw.index(later[to]?.endpoints ?? [0]),
    pool: pools > 0 && draw.chance(5) ? 0 : null,
    timeoutUs: draw.pick(Infinity, 30 * millisecond, 500 * millisecond),
    retries: {
      max: draw.pick(0, 1, 3),
      backoffUs: draw.pick(0, 50 * millisecond),
      jitter: draw.pick(0, 0.5, 1),
      budget: draw.pick(Infinity, 0.1),
    },
    probability: draw.pick(1, 0.5),
    times: draw.pick(1, 1, 3),
    group: draw.pick('', 'together'),
    breaker: draw.chance(3)
      ? { failureShare: 0.5, windowUs: second, callsMin: 3, openUs: second }
      : null,
    concurrencyMax: draw.pick(Infinity, Infinity, 1),
    optional: draw.chance(4),
    cache: caches > 0 && draw.chance(5) ? 0 : null,
    freshUs: draw.pick(null, 100 * millisecond),
    flag: draw.pick('', '', 'new'),
    keepAliveUs: draw.pick(Infinity, second),
  });
}
