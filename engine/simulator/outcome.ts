/** What users got in a simulation, with telemetry off: what an outage, a fix, or its absence comes to. */
import type { ActionInput, SimulatedScenario } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';
import { openSimulation, resumeSimulation, runTo, type SimulationRun } from './run.ts';
import { sliWindowUs } from './sli.ts';
import type { World } from './world.ts';

export interface OutcomeOptions {
  readonly seed: number;
  readonly inputs?: readonly ActionInput[];
  /** Ids of faults that do not happen. */
  readonly withoutFaults?: readonly string[] | 'all';
  /** Begins here instead of at the beginning; the world is used, not copied. */
  readonly from?: World;
}

/** Windows of `windowUs` from the start of the scenario; those before `from` are empty. */
export interface Outcome {
  readonly windowUs: Micros;
  /** Per objective: requests, and those that were no good. */
  readonly objectives: readonly { readonly total: Float64Array; readonly bad: Float64Array }[];
  /** Per service: requests, those that failed, and the mean time of those that did not, µs (NaN for none). */
  readonly services: readonly ServiceOutcome[];
}

export interface ServiceOutcome {
  readonly total: Float64Array;
  readonly bad: Float64Array;
  readonly latencyUs: Float64Array;
}

export function measureOutcome(scenario: SimulatedScenario, options: OutcomeOptions): Outcome {
  const { seed, inputs = [], from } = options;
  const spared = spare(scenario, options.withoutFaults ?? []);
  const run = from
    ? resumeSimulation(spared, { seed, inputs, sli: true, world: from })
    : openSimulation(spared, { seed, inputs, sli: true, telemetry: false });
  runTo(run, scenario.durationUs);
  return outcomeOf(run);
}

/**
 * The scenario in which some of its faults never come. They keep their place, so that everything else,
 * random streams too, is as in the scenario.
 */
export function spare(
  scenario: SimulatedScenario,
  without: readonly string[] | 'all',
): SimulatedScenario {
  const spares = (id: string): boolean => without === 'all' || without.includes(id);
  const faults = scenario.faults.map((fault) =>
    spares(fault.id) ? { ...fault, at: Infinity, until: null } : fault,
  );
  return { ...scenario, faults };
}

export function outcomeOf({ simulation: { plan, sli } }: SimulationRun): Outcome {
  if (sli === null) throw new TypeError('the simulation did not measure what users got');
  const { windows } = sli;
  const row = (column: Float64Array, i: number): Float64Array =>
    column.subarray(i * windows, (i + 1) * windows);
  return {
    windowUs: sliWindowUs,
    objectives: plan.scenario.objectives.map((_, o) => ({
      total: row(sli.total, o),
      bad: row(sli.bad, o),
    })),
    services: plan.scenario.services.map((_, s) => {
      const total = row(sli.serviceTotal, s);
      const bad = row(sli.serviceBad, s);
      const us = row(sli.serviceUs, s);
      return {
        total,
        bad,
        latencyUs: us.map((sum, w) => sum / ((total[w] as number) - (bad[w] as number))),
      };
    }),
  };
}

/**
 * Error budget that an outcome has used, in minutes of a full outage: the unit in which a budget of
 * 99.9 % in thirty days is 43.2. The sum over objectives; each window counts by its share of bad requests.
 */
export function budgetMinutes({ objectives, windowUs }: Outcome): number {
  let minutes = 0;
  for (const { total, bad } of objectives) {
    total.forEach((requests, w) => {
      if (requests > 0) minutes += ((bad[w] as number) / requests) * (windowUs / 60e6);
    });
  }
  return minutes;
}
