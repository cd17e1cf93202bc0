/** A simulation on its way: opened at time 0 or on a copied world, run to a time. */
import type { SimulatedScenario } from '../scenario/model.ts';
import { advance } from './advance.ts';
import { makePlan } from './plan.ts';
import type { Simulation } from './simulation.ts';
import { scheduleNoise } from './telemetry/events.ts';
import { limiterTickUs } from './telemetry/limiter.ts';
import { endInterval } from './telemetry/metrics.ts';
import { makeProbe, type TelemetryProbe } from './telemetry/probe.ts';
import { makeTelemetryState } from './telemetry/state.ts';
import { startTraffic } from './traffic.ts';
import { makeWorld, type World } from './world.ts';

export interface SimulationRun {
  readonly simulation: Simulation;
  /** null with telemetry off. */
  readonly probe: TelemetryProbe | null;
}

export function openSimulation(
  scenario: SimulatedScenario,
  options: { readonly seed: number; readonly telemetry: boolean },
): SimulationRun {
  const plan = makePlan(scenario);
  const telemetry = options.telemetry ? makeTelemetryState(plan) : null;
  const world = makeWorld(plan, { seed: options.seed, telemetry });
  const probe = options.telemetry ? makeProbe(plan, options.seed) : null;
  const simulation: Simulation = { plan, world, probe };
  startTraffic(simulation);
  if (probe) for (let s = 0; s < plan.serviceCount; s++) scheduleNoise(plan, world, s);
  return { simulation, probe };
}

/** Continues a checkpoint of a run of the same scenario and seed; the world is used, not copied. */
export function resumeSimulation(
  scenario: SimulatedScenario,
  options: { readonly seed: number; readonly world: World },
): SimulationRun {
  const plan = makePlan(scenario);
  const probe = options.world.telemetry ? makeProbe(plan, options.seed) : null;
  return { simulation: { plan, world: options.world, probe }, probe };
}

/**
 * Runs to a time, µs, exclusive: what happens at `until` itself belongs to the next call. On the way it
 * stops where a metric interval or a window of the loggers ends; those records come before the events
 * of the same moment.
 */
export function runTo(run: SimulationRun, until: number): void {
  const { simulation, probe } = run;
  const { plan, world } = simulation;
  if (!probe) return advance(simulation, until);
  const intervalUs = plan.scenario.telemetry.metricIntervalUs;
  for (let now = world.clock[0] as number; now < until; now = world.clock[0] as number) {
    endPeriods(run);
    const metricsAt = (Math.floor(now / intervalUs) + 1) * intervalUs;
    const tickAt = (Math.floor(now / limiterTickUs) + 1) * limiterTickUs;
    advance(simulation, Math.min(metricsAt, tickAt, until));
  }
}

/** Makes the records of intervals and windows that end right now; `runTo` leaves the last ones to do. */
export function endPeriods({ simulation, probe }: SimulationRun): void {
  const { plan, world } = simulation;
  const now = world.clock[0] as number;
  const intervalUs = plan.scenario.telemetry.metricIntervalUs;
  if (!probe || now === 0) return;
  if (now % limiterTickUs === 0) probe.endWindows(world);
  if (now % intervalUs === 0) endInterval(plan, world, intervalUs);
}
