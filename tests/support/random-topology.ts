/**
 * Scenarios drawn at random: an acyclic graph of services that have a bit of everything, in trouble of
 * every kind, with people who do something about it. Small and short, so that many of them can be tried.
 */
import type { GeneratorValue } from 'fast-check';
import type {
  ActionInput,
  ActionModel,
  ChangeModel,
  FaultModel,
  FaultScope,
  ServiceModel,
  SimulatedScenario,
  TrafficModel,
} from '../../engine/scenario/model.ts';
import { drawConsumer, drawService, type Draw, makeDraw } from './random-services.ts';
import { change, fault, millisecond, scenarioOf, second, users } from './topology.ts';

export interface Drawn {
  readonly scenario: SimulatedScenario;
  readonly inputs: readonly ActionInput[];
  readonly seed: number;
}

export function drawTopology(g: GeneratorValue, seconds = 20): Drawn {
  const draw = makeDraw(g);
  const durationUs = seconds * second;
  const count = draw.whole(2, 7);
  const services: ServiceModel[] = [];
  // From the back, so that what is called is known.
  for (let s = count - 1; s >= 0; s--) services[s] = drawService(draw, s, services);
  const queue = services.findIndex(({ kind }) => kind === 'queue');
  if (queue >= 0) services[count] = drawConsumer(draw, queue);
  const known = { services, durationUs };
  const some = <T>(most: number, one: () => T): T[] =>
    Array.from({ length: draw.whole(0, most) }, one);
  const scenario = scenarioOf(services, {
    durationUs,
    zones: draw.pick(['a'], ['a', 'b'], ['a', 'b', 'c']),
    nodes: draw.whole(1, 5),
    traffic: some(2, () => drawTraffic(draw, known)).concat(users(draw.whole(5, 60))),
    changes: some(3, () => drawChange(draw, known)),
  });
  const faults = some(4, () => drawFault(draw, scenario));
  const subset = (): number[] => [...faults.keys()].filter(() => draw.chance(4));
  const custom = { id: 'do', title: 'Do something', service: 0, takesUs: 0 };
  const troubled = {
    ...scenario,
    faults: faults.map((one, f) => ({ ...one, id: `fault-${f}` })),
    actions: { ...scenario.actions, custom: [{ ...custom, ends: subset(), begins: subset() }] },
  };
  const inputs = some(5, () => ({
    at: draw.whole(0, durationUs - 1),
    action: drawAction(draw, troubled),
    text: 'action',
  })).sort((a, b) => a.at - b.at);
  return { scenario: troubled, inputs, seed: draw.whole(0, 1000) };
}

interface Known {
  readonly services: readonly ServiceModel[];
  readonly durationUs: number;
}

function drawTraffic(draw: Draw, { services, durationUs }: Known): TrafficModel {
  const s = draw.index(services);
  const at = draw.whole(0, durationUs - 2 * second);
  return users(draw.whole(0, 40), {
    service: s,
    endpoint: draw.index(services[s]?.endpoints ?? []),
    kind: draw.pick('users', 'users', 'probe', 'batch'),
    shape: draw.pick('steady', 'daily'),
    surges: draw.chance(5)
      ? [{ at, until: at + 2 * second, factor: draw.pick(0, 5), rampUs: draw.pick(0, second) }]
      : [],
    patienceUs: draw.pick(Infinity, 100 * millisecond),
    reloadShare: draw.pick(0, 0.8),
    reloadAfterUs: draw.pick(0, 500 * millisecond),
    reloadsMax: 3,
    everyUs: 700 * millisecond,
    burst: 5,
    spreadUs: 100 * millisecond,
  });
}

function drawChange(draw: Draw, { services, durationUs }: Known): ChangeModel {
  return change(draw.whole(0, durationUs - 1), draw.index(services), {
    ...draw.pick<Partial<ChangeModel>>(
      { version: '2.0.0', overUs: draw.pick(0, 3 * second) },
      { version: '2.0.0', instances: 1 },
      { kind: 'scaling', instances: draw.whole(1, 5) },
      { kind: 'config', config: 'r2' },
      { kind: 'flag', flag: { name: 'new', on: draw.chance(5) } },
    ),
  });
}

function drawScope(draw: Draw, { zones, nodes }: SimulatedScenario): Partial<FaultScope> {
  return draw.pick<Partial<FaultScope>>(
    {},
    {},
    { instances: 1 },
    { zone: draw.index(zones) },
    { node: draw.whole(0, nodes - 1) },
    { version: draw.pick('1.0.0', '2.0.0') },
    { flag: 'new' },
    { config: draw.pick('', 'r2') },
  );
}

function drawFault(draw: Draw, scenario: SimulatedScenario): FaultModel {
  const { services, durationUs } = scenario;
  const s = draw.index(services);
  const at = draw.whole(0, durationUs - second);
  const when = {
    at,
    ...(draw.chance(7) ? { until: at + draw.whole(1, 10) * second } : {}),
    pulse: draw.pick(null, null, { onUs: second, offUs: 700 * millisecond }),
  };
  const one = draw.index(services[s]?.endpoints ?? []);
  const which = draw.pick(null, one);
  const kinds: Parameters<typeof fault>[2][] = [
    { kind: 'latency', endpoint: which, factor: draw.pick(1, 10), addUs: draw.pick(0, 1e5) },
    { kind: 'errors', endpoint: which, share: draw.pick(0.3, 1), message: '' },
    { kind: 'crash', restartAfterUs: draw.pick(null, 2 * second) },
    { kind: 'traffic-spike', factor: draw.pick(0, 3) },
    { kind: 'memory-leak', endpoint: which, bytesPerRequest: 1e6 },
    { kind: 'cpu-steal', share: draw.pick(0.5, 1) },
    { kind: 'certificate-expiry' },
    { kind: 'dns', answer: draw.pick('nxdomain', 'servfail', 'timeout') },
    { kind: 'network', loss: draw.pick(0, 0.3, 1), delayUs: draw.pick(0, 20 * millisecond) },
    { kind: 'disk-fill', bytesPerSecond: 2e8 },
    { kind: 'write-burst', workUsPerSecond: 1.5e6 },
    { kind: 'exhaustion', endpoint: which, counter: 'orders.id', max: 2 ** 31 - 1, left: 20 },
    { kind: 'clock-skew', offsetUs: draw.pick(-3, 3) * second, driftUsPerSecond: 100 },
    { kind: 'telemetry-loss', stream: draw.pick('logs', 'metrics', 'spans'), share: 0.5 },
    { kind: 'poison-message', topic: one, partition: 0 },
  ];
  if ((services[s]?.pools.length ?? 0) > 0) kinds.push({ kind: 'pool-leak', pool: 0, share: 0.2 });
  if ((services[s]?.caches.length ?? 0) > 0) kinds.push({ kind: 'cache-flush', cache: 0 });
  const table = services[s]?.endpoints[one]?.table ?? null;
  if (table !== null) kinds.push({ kind: 'lock-queue', table, statement: 'alter table' });
  const own = kinds[draw.index(kinds)] ?? { kind: 'certificate-expiry' };
  return fault(s, when, own, drawScope(draw, scenario));
}

function drawAction(draw: Draw, scenario: SimulatedScenario): ActionModel {
  const { services, zones } = scenario;
  const s = draw.index(services);
  const instance = draw.whole(0, (services[s]?.instancesMax ?? 1) - 1);
  const callee = services[s]?.endpoints.flatMap(({ calls }) => calls)[0]?.service ?? s;
  const on = { service: s };
  const kinds: ActionModel[] = [
    { kind: 'rollback', ...on },
    { kind: 'flag-off', ...on, flag: 'new' },
    {
      kind: 'restart',
      ...on,
      which: draw.pick<number | 'all' | 'rolling'>('all', 'rolling', instance),
    },
    { kind: 'scale', ...on, instances: draw.whole(1, 5) },
    { kind: 'shed-load', ...on, share: draw.pick(0, 0.5) },
    { kind: 'disable-retries', service: draw.pick(null, s) },
    { kind: 'raise-timeout', ...on, callee, timeoutUs: draw.pick(10, 2000) * millisecond },
    { kind: 'open-breaker', ...on, callee },
    { kind: 'fail-over', zone: draw.index(zones) },
    { kind: 'drain', ...on, instance },
    { kind: 'renew-certificate', ...on },
    { kind: 'kill-query', ...on },
    { kind: 'pause-consumer', ...on },
    { kind: 'skip-message', ...on, topic: 0 },
    { kind: 'free-disk', ...on },
    { kind: 'custom', action: 0 },
  ];
  if ((services[s]?.pools.length ?? 0) > 0) {
    kinds.push({ kind: 'raise-pool', ...on, pool: 0, size: draw.whole(1, 8) });
  }
  if ((services[s]?.caches.length ?? 0) > 0) {
    kinds.push({ kind: 'flush-cache', ...on, cache: 0 }, { kind: 'warm-cache', ...on, cache: 0 });
  }
  return kinds[draw.index(kinds)] ?? { kind: 'kill-query', ...on };
}
