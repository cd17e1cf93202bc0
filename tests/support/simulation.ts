/** A simulation in steps, and what it came to. */
import type { ActionInput, SimulatedScenario } from '../../engine/scenario/model.ts';
import { openSimulation, runTo, type World } from '../../engine/simulator/index.ts';
import type { Plan } from '../../engine/simulator/plan.ts';
import {
  statisticsOf,
  type EndpointStatistics,
  type SimulationStatistics,
} from '../../engine/simulator/statistics.ts';

export interface Stepped {
  readonly world: World;
  readonly plan: Plan;
  /** Runs to a time, µs, and tells how things stand there. */
  readonly to: (at: number) => SimulationStatistics;
  /** Runs to a time, µs, and tells what came of each endpoint since the last time anybody looked. */
  readonly since: (at: number) => readonly EndpointStatistics[];
}

export function stepped(
  scenario: SimulatedScenario,
  options: { readonly seed?: number; readonly inputs?: readonly ActionInput[] } = {},
): Stepped {
  const { seed = 1, inputs = [] } = options;
  const run = openSimulation(scenario, { seed, inputs, telemetry: false });
  const { plan, world } = run.simulation;
  let last = statisticsOf(run.simulation).endpoints;
  const to = (at: number): SimulationStatistics => {
    runTo(run, at);
    return statisticsOf(run.simulation);
  };
  return {
    world,
    plan,
    to,
    since(at) {
      const now = to(at).endpoints;
      const before = last;
      last = now;
      return now.map((one, e) => minus(one, before[e]));
    },
  };
}

function minus(
  now: EndpointStatistics,
  before: EndpointStatistics | undefined,
): EndpointStatistics {
  const left = { ...now };
  for (const [name, value] of Object.entries(now)) {
    const earlier = Object.entries(before ?? {}).find(([key]) => key === name)?.[1];
    if (typeof value === 'number') Reflect.set(left, name, value - Number(earlier ?? 0));
  }
  return left;
}

/** Share of requests of an endpoint that came to no good. */
export function failedShare(one: EndpointStatistics | undefined): number {
  if (!one) return Number.NaN;
  const { ok, failed, reset, refused, unreachable, shed } = one;
  const bad = failed + reset + refused + unreachable + shed;
  return bad / (bad + ok);
}

/** Mean time in the system of requests that ended, µs. */
export function meanSojourn({ sojournSum, ok, failed, reset }: EndpointStatistics): number {
  return sojournSum / (ok + failed + reset);
}
