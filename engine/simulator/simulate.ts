/** Runs a scenario without an audience, for measurements: what theory predicts can be checked here. */
import type { SimulatedScenario } from '../scenario/model.ts';
import { touchService } from './services.ts';
import { openSimulation, runTo } from './run.ts';
import type { Simulation } from './simulation.ts';
import { statisticsOf, type SimulationStatistics } from './statistics.ts';

export interface SimulateOptions {
  readonly seed?: number;
  /** `discard` makes all records and throws them away, second by second. */
  readonly telemetry?: 'off' | 'discard';
  /** Stops at the end of the batch in which this many users have come. */
  readonly arrivalsMax?: number;
  /** Equal stretches of time for batch means. */
  readonly batches?: number;
}

export interface SimulationResult {
  readonly statistics: SimulationStatistics;
  /** Per batch and service: mean wait for a worker of the requests that started in it, µs; NaN for none. */
  readonly batchWaits: readonly (readonly number[])[];
  /** Per batch and service: mean number of requests that wait for a worker, over time. */
  readonly batchQueues: readonly (readonly number[])[];
}

export function simulate(
  scenario: SimulatedScenario,
  options: SimulateOptions = {},
): SimulationResult {
  const telemetry = options.telemetry === 'discard';
  const run = openSimulation(scenario, { seed: options.seed ?? scenario.seed, telemetry });
  const { simulation } = run;
  const { traffic, telemetry: state } = simulation.world;
  const batches = options.batches ?? 1;
  const batchWaits: number[][] = [];
  const batchQueues: number[][] = [];
  let before = waits(simulation);
  for (let b = 1; b <= batches; b++) {
    const until = Math.round((scenario.durationUs * b) / batches);
    if (state) {
      for (let t = simulation.world.clock[0] as number; t < until;) {
        t = Math.min(t + 1_000_000, until);
        runTo(run, t);
        state.pending.length = 0;
      }
    } else {
      runTo(run, until);
    }
    const after = waits(simulation);
    batchWaits.push(meanWaits(before, after));
    batchQueues.push(meanQueues(before, after));
    before = after;
    const arrivals = traffic.count.reduce((sum, count) => sum + count, 0);
    if (arrivals >= (options.arrivalsMax ?? Infinity)) break;
  }
  return { statistics: statisticsOf(simulation), batchWaits, batchQueues };
}

/** Started requests, their waits, and the integral of the queue up to a time, per service. */
interface Waits {
  readonly at: number;
  readonly started: Float64Array;
  readonly sum: Float64Array;
  readonly queued: Float64Array;
}

function waits({ plan, world }: Simulation): Waits {
  for (let s = 0; s < plan.serviceCount; s++) touchService(world, s);
  const started = new Float64Array(plan.serviceCount);
  const sum = new Float64Array(plan.serviceCount);
  plan.endpointService.forEach((s, e) => {
    started[s] = (started[s] as number) + (world.endpoints.started[e] as number);
    sum[s] = (sum[s] as number) + (world.endpoints.waitSum[e] as number);
  });
  return {
    at: world.clock[0] as number,
    started,
    sum,
    queued: world.services.queuedIntegral.slice(),
  };
}

function meanWaits(before: Waits, after: Waits): number[] {
  return Array.from(
    after.sum,
    (sum, s) =>
      (sum - (before.sum[s] as number)) /
      ((after.started[s] as number) - (before.started[s] as number)),
  );
}

function meanQueues(before: Waits, after: Waits): number[] {
  return Array.from(
    after.queued,
    (queued, s) => (queued - (before.queued[s] as number)) / (after.at - before.at),
  );
}
