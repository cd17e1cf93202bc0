/**
 * Who gets a request. A balancer without health checks takes instances in turn and knows neither their
 * load nor whether they live. One with checks leaves out those that failed some in a row; what a check
 * sees is not what users see.
 */
import { uniform } from '../replay/random.ts';
import { EventType, schedule } from './events.ts';
import { InstanceState } from './instance-table.ts';
import type { Simulation } from './simulation.ts';

/** The instance that gets the next request, or -1 where the balancer knows of none. */
export function nextInstance(simulation: Simulation, service: number): number {
  const { plan, world } = simulation;
  const base = plan.instanceBase[service] as number;
  const count = (plan.instanceBase[service + 1] as number) - base;
  const { services, instances } = world;
  if (services.routable[service] === 0) return -1;
  if (count === 1) return base;
  const turn = services.cursor[service] as number;
  let chosen = -1;
  let least = Infinity;
  const byLoad = plan.leastRequests[service] === 1;
  for (let k = 0, i = turn; k < count; k++, i = i + 1 === count ? 0 : i + 1) {
    if (instances.routable[base + i] === 0) continue;
    if (!byLoad) {
      services.cursor[service] = i + 1 === count ? 0 : i + 1;
      return base + i;
    }
    const load = (instances.busy[base + i] as number) + (instances.queued[base + i] as number);
    if (load < least) {
      least = load;
      chosen = i;
    }
  }
  services.cursor[service] = chosen + 1 === count ? 0 : chosen + 1;
  return base + chosen;
}

/** Decides anew to whom the balancer of a service sends; call when an instance or a zone changed. */
export function refreshRouting({ plan, world }: Simulation, service: number): void {
  const { services, instances, zones } = world;
  const { balancer, kind } = plan.scenario.services[service] ?? {};
  const from = plan.instanceBase[service] as number;
  const to = plan.instanceBase[service + 1] as number;
  const outside = kind === 'external';
  const checked = (balancer?.healthCheck ?? null) !== null;
  let present = 0;
  let healthy = 0;
  for (let i = from; i < to; i++) {
    // Without checks nobody tells the balancer that an instance has died.
    const wanted =
      (checked ? instances.state[i] !== InstanceState.absent : instances.listed[i] === 1) &&
      instances.drained[i] === 0 &&
      instances.leaving[i] === 0 &&
      (outside || zones.evacuated[plan.instanceZone[i] as number] === 0);
    instances.routable[i] = wanted ? 1 : 0;
    if (!wanted) continue;
    present++;
    healthy += instances.healthy[i] as number;
  }
  // Too few left: better to ask the sick ones than to drown the healthy ones.
  const panic = healthy < present * (balancer?.panicShare ?? 0);
  if (checked && !panic) {
    for (let i = from; i < to; i++) {
      if (instances.healthy[i] === 0) instances.routable[i] = 0;
    }
    present = healthy;
  }
  services.routable[service] = present;
}

/** Schedules the first check of every instance; each has a moment of its own within the interval. */
export function startHealthChecks({ plan, world }: Simulation): void {
  plan.scenario.services.forEach(({ balancer: { healthCheck } }, s) => {
    if (!healthCheck) return;
    const from = plan.instanceBase[s] as number;
    const to = plan.instanceBase[s + 1] as number;
    for (let i = from; i < to; i++) {
      const at = Math.floor((healthCheck.intervalUs * (i - from + 1)) / (to - from + 1));
      schedule(world.events, at, EventType.healthCheck, i);
    }
  });
}

/** One check of one instance, and the next. */
export function checkHealth(simulation: Simulation, instance: number): void {
  const { plan, world, probe } = simulation;
  const { instances, clock, events } = world;
  const service = plan.instanceService[instance] as number;
  const check = plan.scenario.services[service]?.balancer.healthCheck;
  if (!check) return;
  schedule(events, (clock[0] as number) + check.intervalUs, EventType.healthCheck, instance);
  if (instances.state[instance] === InstanceState.absent) return;
  const passed = passes(simulation, service, instance);
  if (!passed && probe !== null) probe.happened(world, { kind: 'probe-failed', instance });
  if (passed === (instances.healthy[instance] === 1)) {
    instances.checks[instance] = 0;
    return;
  }
  const inRow = (instances.checks[instance] as number) + 1;
  instances.checks[instance] = inRow;
  if (inRow < (passed ? check.healthyAfter : check.unhealthyAfter)) return;
  instances.checks[instance] = 0;
  instances.healthy[instance] = passed ? 1 : 0;
  refreshRouting(simulation, service);
  if (probe !== null) probe.happened(world, { kind: 'health-changed', instance, healthy: passed });
}

/** A shallow check asks whether the process answers; a deep one waits in the queue like a request. */
function passes({ plan, world }: Simulation, service: number, instance: number): boolean {
  const { instances, machines, requests, clock, streams } = world;
  const check = plan.scenario.services[service]?.balancer.healthCheck;
  if (!check || instances.state[instance] !== InstanceState.up) return false;
  const loss = machines.loss[instance] as number;
  // Lost twice on the way there and back, the answer comes too late.
  if (loss > 0 && uniform(streams, plan.streams.health + service) < (1 - (1 - loss) ** 2) ** 2) {
    return false;
  }
  if ((machines.delayUs[instance] as number) * 2 > check.timeoutUs) return false;
  if (!check.deep) return true;
  const first = instances.head[instance] as number;
  return (
    first < 0 || (clock[0] as number) - (requests.arrivedAt[first] as number) <= check.timeoutUs
  );
}
