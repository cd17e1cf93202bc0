/** Runs a scenario without an audience, for measurements: what theory predicts can be checked here. */
import type { SimulatedScenario } from '../scenario/model.ts';
import { advance } from './advance.ts';
import { makePlan } from './plan.ts';
import type { Probe, Simulation } from './simulation.ts';
import { statisticsOf, type SimulationStatistics } from './statistics.ts';
import { startTraffic } from './traffic.ts';
import { makeWorld } from './world.ts';
import type { TelemetryState } from './telemetry/state.ts';

export interface SimulateOptions {
  readonly seed?: number;
  /** Stops at the next batch's end once this many users have come. */
  readonly arrivalsMax?: number;
  /** Equal stretches of time for batch means; 1 where only the totals matter. */
  readonly batches?: number;
}

export interface SimulationResult {
  readonly statistics: SimulationStatistics;
  /** Mean wait for a worker of the requests that started in each batch, µs, all endpoints of a service. */
  readonly batchWaits: readonly (readonly number[])[];
}

export function simulate(scenario: SimulatedScenario, options: SimulateOptions = {}): SimulationResult {
  const simulation = openSimulation(scenario, { seed: options.seed ?? scenario.seed });
  const { plan, world } = simulation;
  const batches = options.batches ?? 1;
  const batchWaits: number[][] = [];
  let before = waits(simulation);
  for (let b = 1; b <= batches; b++) {
    advance(simulation, Math.round((scenario.durationUs * b) / batches));
    const after = waits(simulation);
    const previous = before;
    batchWaits.push(
      Array.from({ length: plan.serviceCount }, (_, s) => {
        const started = (after.started[s] as number) - (previous.started[s] as number);
        return ((after.sum[s] as number) - (previous.sum[s] as number)) / started;
      }),
    );
    before = after;
    const arrivals = world.traffic.count.reduce((sum, count) => sum + count, 0);
    if (arrivals >= (options.arrivalsMax ?? Infinity)) break;
  }
  return { statistics: statisticsOf(simulation), batchWaits };
}

/** A simulation at time 0. With `telemetry`, its `probe` is told what happens. */
export function openSimulation(
  scenario: SimulatedScenario,
  options: { readonly seed: number },
): Simulation {
  const plan = makePlan(scenario);
  const simulation: Simulation = {
    plan,
    world: makeWorld(plan, { seed: options.seed, telemetry: null }),
    probe: null,
  };
  startTraffic(simulation);
  return simulation;
}

function waits({ plan, world }: Simulation): { started: Float64Array; sum: Float64Array } {
  const started = new Float64Array(plan.serviceCount);
  const sum = new Float64Array(plan.serviceCount);
  plan.endpointService.forEach((s, e) => {
    started[s] = (started[s] as number) + (world.endpoints.started[e] as number);
    sum[s] = (sum[s] as number) + (world.endpoints.waitSum[e] as number);
  });
  return { started, sum };
}
