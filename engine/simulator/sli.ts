/**
 * What users got, window by window: counted at their side, so that what no server noticed counts too.
 * Kept beside the world: a fork measures from where it begins.
 */
import type { SimulatedScenario } from '../scenario/model.ts';
import type { Plan } from './plan.ts';
import { Origin, Outcome } from './requests.ts';
import type { Simulation } from './simulation.ts';

/** Width of a window, µs. */
export const sliWindowUs = 10_000_000;

export interface SliRecorder {
  readonly windows: number;
  /** Per objective and window: requests, and those that were no good. */
  readonly total: Float64Array;
  readonly bad: Float64Array;
  /** Per service and window: requests, those that failed, and the sum of times of those that did not, µs. */
  readonly serviceTotal: Float64Array;
  readonly serviceBad: Float64Array;
  readonly serviceUs: Float64Array;
  /** Objectives of each endpoint. */
  readonly objectivesOf: readonly (readonly number[])[];
  readonly latencyUs: Float64Array;
  /** 1 where only requests of users count: the endpoint is one that they call. */
  readonly usersOnly: Uint8Array;
}

export function makeSliRecorder(plan: Plan): SliRecorder {
  const { scenario } = plan;
  const { objectives } = scenario;
  const windows = Math.max(1, Math.ceil(scenario.durationUs / sliWindowUs));
  const entries = new Set(plan.trafficEndpoint);
  const column = (rows: number): Float64Array => new Float64Array(rows * windows);
  const objectivesOf = [...plan.endpointService].map((s, e) =>
    [...objectives.keys()].filter((o) => isAbout(scenario, o, s, plan.endpoints[e]?.name ?? '')),
  );
  return {
    windows,
    total: column(objectives.length),
    bad: column(objectives.length),
    serviceTotal: column(plan.serviceCount),
    serviceBad: column(plan.serviceCount),
    serviceUs: column(plan.serviceCount),
    objectivesOf,
    latencyUs: Float64Array.from(objectives, ({ latencyUs }) => latencyUs),
    usersOnly: Uint8Array.from(objectives, (_, o) =>
      objectivesOf.some((list, e) => list.includes(o) && entries.has(e)) ? 1 : 0,
    ),
  };
}

function isAbout(
  { objectives, services }: SimulatedScenario,
  o: number,
  service: number,
  endpoint: string,
): boolean {
  const objective = objectives[o];
  if (!objective || services[service]?.name !== objective.service) return false;
  return objective.endpoint === null || objective.endpoint === endpoint;
}

/** A request has ended in its service. */
export function countEnd(simulation: Simulation, r: number, outcome: number): void {
  if (simulation.sli === null) return;
  const { requests, clock } = simulation.world;
  // Its user went away, and was counted then.
  if ((requests.reload[r] as number) < 0) return;
  const us = (clock[0] as number) - (requests.arrivedAt[r] as number);
  count(simulation, requests.endpoint[r] as number, requests.origin[r] as number, outcome, us);
}

/** A request was not taken: nobody listened, the queue was full, the load was shed. */
export function countTurnedAway(simulation: Simulation, endpoint: number, origin: number): void {
  if (simulation.sli !== null) count(simulation, endpoint, origin, Outcome.refused, 0);
}

export function countAbandoned(simulation: Simulation, r: number): void {
  if (simulation.sli === null) return;
  const { requests } = simulation.world;
  count(simulation, requests.endpoint[r] as number, Origin.user, Outcome.timeout, 0);
}

function count(
  { plan, world, sli }: Simulation,
  endpoint: number,
  origin: number,
  outcome: number,
  us: number,
): void {
  if (sli === null) return;
  const { windows, objectivesOf, latencyUs, usersOnly } = sli;
  const window = Math.min(windows - 1, Math.floor((world.clock[0] as number) / sliWindowUs));
  const failed = outcome !== Outcome.ok;
  const row = (plan.endpointService[endpoint] as number) * windows + window;
  sli.serviceTotal[row] = (sli.serviceTotal[row] as number) + 1;
  if (failed) sli.serviceBad[row] = (sli.serviceBad[row] as number) + 1;
  else sli.serviceUs[row] = (sli.serviceUs[row] as number) + us;
  for (const o of objectivesOf[endpoint] ?? []) {
    if (usersOnly[o] === 1 && origin !== Origin.user) continue;
    const cell = o * windows + window;
    sli.total[cell] = (sli.total[cell] as number) + 1;
    if (failed || us > (latencyUs[o] as number)) sli.bad[cell] = (sli.bad[cell] as number) + 1;
  }
}
