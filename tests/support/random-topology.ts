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
  const count = draw.whole(2, 5);
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
    traffic: some(2, () => drawTraffic(draw, known)).concat(users(draw.whole(10, 80))),
    changes: some(3, () => drawChange(draw, known)),
  });
  const faults = some(6, () => drawFault(draw, scenario));
  const subset = (): number[] => [...faults.keys()].filter(() => draw.chance(4));
  const custom = { id: 'do', title: 'Do something', service: 0, takesUs: 0 };
  const troubled = {
    ...scenario,
    faults: faults.map((one, f) => ({ ...one, id: `fault-${f}` })),
    actions: { ...scenario.actions, custom: [{ ...custom, ends: subset(), begins: subset() }] },
  };
  const inputs = some(8, () => ({
    at: drawMoment(draw, durationUs),
    action: drawAction(draw, troubled),
    text: 'action',
  })).sort((a, b) => a.at - b.at);
  return { scenario: troubled, inputs, seed: draw.whole(0, 1000) };
}

/** Often a whole second, so that things happen at the same moment. */
function drawMoment(draw: Draw, durationUs: number): number {
  const at = draw.whole(0, durationUs - second);
  return draw.chance(6) ? Math.floor(at / second) * second : at;
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
  return change(drawMoment(draw, durationUs), draw.index(services), {
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

/** What a fault is about, apart from when and where exactly. */
type FaultParts = readonly [service: number, own: Parameters<typeof fault>[2]];

function drawFault(draw: Draw, scenario: SimulatedScenario): FaultModel {
  const at = drawMoment(draw, scenario.durationUs);
  const when = {
    at,
    ...(draw.chance(7) ? { until: at + draw.whole(1, 10) * second } : {}),
    pulse: draw.pick(null, null, { onUs: second, offUs: 700 * millisecond }),
  };
  const special = specialFaults(scenario);
  const chosen = special.length > 0 && draw.chance(5) ? special[draw.index(special)] : undefined;
  const [s, own] = chosen ?? drawUsualFault(draw, scenario);
  return fault(s, when, own, drawScope(draw, scenario));
}

/** Faults of what only some services have. */
function specialFaults({ services }: SimulatedScenario): FaultParts[] {
  return services.flatMap(({ kind, pools, caches, endpoints }, s): FaultParts[] => [
    ...pools.map((_, pool): FaultParts => [s, { kind: 'pool-leak', pool, share: 0.2 }]),
    ...caches.map((_, cache): FaultParts => [s, { kind: 'cache-flush', cache }]),
    ...endpoints.flatMap(({ table }): FaultParts[] =>
      table === null ? [] : [[s, { kind: 'lock-queue', table, statement: 'ALTER' }]],
    ),
    ...(kind === 'queue'
      ? endpoints.map((_, topic): FaultParts => [
          s,
          { kind: 'poison-message', topic, partition: 0 },
        ])
      : []),
  ]);
}

function drawUsualFault(draw: Draw, { services }: SimulatedScenario): FaultParts {
  const s = draw.index(services);
  const endpoint = draw.pick(null, draw.index(services[s]?.endpoints ?? []));
  const own = draw.pick<FaultParts[1]>(
    { kind: 'latency', endpoint, factor: draw.pick(1, 10), addUs: draw.pick(0, 1e5) },
    { kind: 'errors', endpoint, share: draw.pick(0.3, 1), message: '' },
    { kind: 'crash', restartAfterUs: draw.pick(null, 2 * second) },
    { kind: 'traffic-spike', factor: draw.pick(0, 3) },
    { kind: 'memory-leak', endpoint, bytesPerRequest: 1e6 },
    { kind: 'cpu-steal', share: draw.pick(0.5, 1) },
    { kind: 'certificate-expiry' },
    { kind: 'dns', answer: draw.pick('nxdomain', 'servfail', 'timeout') },
    { kind: 'network', loss: draw.pick(0, 0.3, 1), delayUs: draw.pick(0, 20 * millisecond) },
    { kind: 'disk-fill', bytesPerSecond: 2e8 },
    { kind: 'write-burst', workUsPerSecond: 1.5e6 },
    { kind: 'exhaustion', endpoint, counter: 'orders.id', max: 2 ** 31 - 1, left: 20 },
    { kind: 'clock-skew', offsetUs: draw.pick(-3, 3) * second, driftUsPerSecond: 100 },
    { kind: 'telemetry-loss', stream: draw.pick('logs', 'metrics', 'spans'), share: 0.5 },
  );
  return [s, own];
}

function drawAction(draw: Draw, scenario: SimulatedScenario): ActionModel {
  const { services, zones } = scenario;
  const special = specialActions(draw, scenario);
  if (special.length > 0 && draw.chance(5)) {
    return special[draw.index(special)] ?? { kind: 'custom', action: 0 };
  }
  const s = draw.index(services);
  const instance = draw.whole(0, (services[s]?.instancesMax ?? 1) - 1);
  const callee = services[s]?.endpoints.flatMap(({ calls }) => calls)[0]?.service ?? s;
  const on = { service: s };
  return draw.pick<ActionModel>(
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
    { kind: 'free-disk', ...on },
    { kind: 'custom', action: 0 },
  );
}

/** Actions on what only some services have, and restarts of those. */
function specialActions(draw: Draw, { services }: SimulatedScenario): ActionModel[] {
  const size = draw.whole(1, 8);
  return services.flatMap(({ kind, pools, caches, consumes }, service): ActionModel[] => {
    const restart: ActionModel = { kind: 'restart', service, which: draw.pick('all', 'rolling') };
    return [
      ...pools.map((_, pool): ActionModel => ({ kind: 'raise-pool', service, pool, size })),
      ...caches.flatMap((_, cache): ActionModel[] => [
        { kind: 'flush-cache', service, cache },
        { kind: 'warm-cache', service, cache },
        restart,
      ]),
      ...(kind === 'database' ? [{ kind: 'kill-query', service } as const, restart] : []),
      ...(kind === 'queue' ? [{ kind: 'skip-message', service, topic: 0 } as const] : []),
      ...consumes.flatMap((): ActionModel[] => [{ kind: 'pause-consumer', service }, restart]),
    ];
  });
}
