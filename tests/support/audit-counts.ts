/** Sums of a simulated world: parts make the whole, and nothing that was counted has got lost. */
import { InstanceState } from '../../engine/simulator/instance-table.ts';
import { Origin, outcomeCount, Phase } from '../../engine/simulator/requests.ts';
import type { Simulation } from '../../engine/simulator/simulation.ts';
import { rowsOf, type Problems } from './audit-world.ts';

export function auditCounts(problems: Problems, simulation: Simulation): void {
  auditServices(problems, simulation);
  auditRouting(problems, simulation);
  auditLinks(problems, simulation);
  auditEndpoints(problems, simulation);
  auditCalls(problems, simulation);
  auditMessages(problems, simulation);
}

function sum(column: Int32Array | Float64Array | Uint8Array, from = 0, to = column.length): number {
  let total = 0;
  for (let i = from; i < to; i++) total += column[i] ?? Number.NaN;
  return total;
}

function auditServices(problems: Problems, { plan, world }: Simulation): void {
  const { services, instances, machines } = world;
  plan.scenario.services.forEach(({ name }, s) => {
    const from = plan.instanceBase[s] ?? 0;
    const to = plan.instanceBase[s + 1] ?? 0;
    problems.equal(`busy of ${name}`, services.busy[s] ?? -1, sum(instances.busy, from, to));
    problems.equal(`queued of ${name}`, services.queued[s] ?? -1, sum(instances.queued, from, to));
    const cores = sum(machines.coresBusy, from, to);
    problems.equal(`cores of ${name}`, services.coresBusy[s] ?? -1, cores);
    const states = [...instances.state.subarray(from, to)];
    const up = states.filter((state) => state === InstanceState.up).length;
    problems.equal(`up of ${name}`, services.instancesUp[s] ?? -1, up);
    const desired = services.desired[s] ?? -1;
    states.forEach((state, k) => {
      const leaving = instances.leaving[from + k] === 1;
      problems.holds(
        `instance ${k} of ${name} leaves only while it is up`,
        !leaving || state === InstanceState.up,
      );
      problems.holds(
        `instance ${k} of ${name}, of which ${desired} should run, is in state ${state}`,
        k < desired ? state !== InstanceState.absent : leaving || state === InstanceState.absent,
      );
    });
  });
}

function auditRouting(problems: Problems, { plan, world }: Simulation): void {
  const { services, instances, zones } = world;
  plan.scenario.services.forEach(({ name, kind, balancer }, s) => {
    const from = plan.instanceBase[s] ?? 0;
    const to = plan.instanceBase[s + 1] ?? 0;
    const routable = sum(instances.routable, from, to);
    problems.equal(`routable of ${name}`, services.routable[s] ?? -1, routable);
    for (let i = from; i < to; i++) {
      if (instances.routable[i] === 0) continue;
      const wanted =
        instances.state[i] !== InstanceState.absent &&
        instances.drained[i] === 0 &&
        instances.leaving[i] === 0 &&
        // What belongs to others is in none of our zones.
        (kind === 'external' || zones.evacuated[plan.instanceZone[i] ?? 0] === 0);
      problems.holds(`the balancer of ${name} sends to ${i}, which is wanted`, wanted);
      const checked = balancer.healthCheck !== null && balancer.panicShare === 0;
      problems.holds(
        `the balancer of ${name} sends to ${i}, which is healthy`,
        !checked || instances.healthy[i] === 1,
      );
    }
  });
}

function auditLinks(problems: Problems, simulation: Simulation): void {
  const { plan, world } = simulation;
  const { requests, links } = world;
  const active = new Int32Array(links.active.length);
  const attempting: readonly number[] = [Phase.leasing, Phase.calling, Phase.travelling];
  for (const r of rowsOf(simulation)) {
    const calls = attempting.includes(requests.phase[r] ?? 0) && requests.lookup[r] === 0;
    if (!calls || requests.gated[r] !== 1) continue;
    const service = plan.endpointService[requests.endpoint[r] ?? 0] ?? 0;
    const ordinal = (requests.instance[r] ?? 0) - (plan.instanceBase[service] ?? 0);
    const link = (plan.linkBase[requests.call[r] ?? 0] ?? 0) + ordinal;
    active[link] = (active[link] ?? 0) + 1;
  }
  links.active.forEach((is, link) =>
    problems.equal(`calls of link ${link}`, is, active[link] ?? 0),
  );
  problems.holds(
    'budgets are never overdrawn',
    links.tokens.every((tokens) => tokens >= 0),
  );
}

/** Whatever was sent to an endpoint came of something, and whatever it took in ended or is there. */
function auditEndpoints(problems: Problems, simulation: Simulation): void {
  const { plan, world } = simulation;
  const { endpoints, calls, caches, traffic, cursors, requests } = world;
  const present = new Int32Array(plan.endpoints.length);
  for (const r of rowsOf(simulation)) {
    const e = requests.endpoint[r] ?? 0;
    if ((requests.origin[r] ?? 0) < Origin.startup) present[e] = (present[e] ?? 0) + 1;
  }
  plan.endpoints.forEach((_, e) => {
    const of = (column: Float64Array): number => column[e] ?? Number.NaN;
    const came =
      of(endpoints.admitted) +
      of(endpoints.refused) +
      of(endpoints.unreachable) +
      of(endpoints.shed);
    let sent = 0;
    plan.callTo.forEach((to, c) => (sent += to === e ? (calls.sent[c] ?? 0) : 0));
    plan.cacheEndpoint.forEach((to, c) => (sent += to === e ? (caches.lookups[c] ?? 0) : 0));
    plan.trafficEndpoint.forEach((to, k) => (sent += to === e ? (traffic.count[k] ?? 0) : 0));
    plan.cursors.forEach(({ handler }, c) => {
      sent += handler === e ? (cursors.deliveries[c] ?? 0) : 0;
    });
    problems.equal(`requests that came to endpoint ${e}`, came, sent);
    const ended = of(endpoints.ok) + of(endpoints.failed) + of(endpoints.reset);
    problems.equal(`requests taken in by ${e}`, of(endpoints.admitted), ended + (present[e] ?? 0));
  });
}

/** Every attempt ended, is under way, or died with its caller: never more ends than beginnings. */
function auditCalls(problems: Problems, { plan, world: { calls } }: Simulation): void {
  plan.calls.forEach((_, c) => {
    const ended = sum(calls.ended, c * outcomeCount, (c + 1) * outcomeCount);
    const attempts = calls.attempts[c] ?? -1;
    problems.holds(`call ${c}: ${ended} of ${attempts} attempts ended`, ended <= attempts);
    problems.holds(`call ${c}: no more sent than tried`, (calls.sent[c] ?? 0) <= attempts);
  });
}

function auditMessages(problems: Problems, { plan, world: { cursors } }: Simulation): void {
  plan.cursors.forEach((_, c) => {
    const of = (column: Float64Array | Int32Array): number => column[c] ?? Number.NaN;
    const gone = of(cursors.handled) + of(cursors.deadLetters) + of(cursors.skipped);
    problems.equal(
      `messages that cursor ${c} got`,
      of(cursors.received),
      gone + of(cursors.length),
    );
  });
}
