/** A simulation on its way: opened at time 0 or on a copied world, run to a time. */
import type { ActionInput, SimulatedScenario } from '../scenario/model.ts';
import { advance } from './advance.ts';
import { startHealthChecks } from './balancer.ts';
import { reshape } from './faults/index.ts';
import { makeShaped } from './faults/shape.ts';
import { inputMoments, nextInputAt, takeInputs } from './inputs.ts';
import { makePlan, type Plan } from './plan.ts';
import type { Simulation } from './simulation.ts';
import { makeSliRecorder } from './sli.ts';
import { scheduleNoise } from './telemetry/noise.ts';
import { limiterTickUs } from './telemetry/limiter.ts';
import { makeProbe, type TelemetryProbe } from './telemetry/probe.ts';
import { makeTelemetryState } from './telemetry/state.ts';
import { startTraffic } from './traffic.ts';
import { makeWorld, type World } from './world.ts';

export interface SimulationRun {
  readonly simulation: Simulation;
  /** null with telemetry off. */
  readonly probe: TelemetryProbe | null;
}

export interface SimulationOptions {
  readonly seed: number;
  /** What people do; nothing, where left out. */
  readonly inputs?: readonly ActionInput[];
  /** Measures what users get. No, where left out. */
  readonly sli?: boolean;
}

export function openSimulation(
  scenario: SimulatedScenario,
  options: SimulationOptions & { readonly telemetry: boolean | 'metrics' },
): SimulationRun {
  const plan = makePlan(scenario);
  const telemetry = options.telemetry === false ? null : makeTelemetryState(plan);
  const world = makeWorld(plan, { seed: options.seed, telemetry });
  const run = watch(plan, world, { ...options, metricsOnly: options.telemetry === 'metrics' });
  startTraffic(run.simulation);
  startHealthChecks(run.simulation);
  if (options.telemetry === true)
    for (let s = 0; s < plan.serviceCount; s++) scheduleNoise(plan, world, s);
  return run;
}

/** Continues a checkpoint of a run of the same scenario and seed; the world is used, not copied. */
export function resumeSimulation(
  scenario: SimulatedScenario,
  options: SimulationOptions & { readonly world: World },
): SimulationRun {
  return watch(makePlan(scenario), options.world, options);
}

function watch(
  plan: Plan,
  world: World,
  options: SimulationOptions & { readonly metricsOnly?: boolean },
): SimulationRun {
  const { inputs = [], seed, metricsOnly = false } = options;
  const probe = world.telemetry ? makeProbe(plan, { seed, inputs, metricsOnly }) : null;
  const simulation: Simulation = {
    plan,
    world,
    inputs,
    moments: inputMoments(plan, inputs),
    probe,
    sli: options.sli === true ? makeSliRecorder(plan) : null,
    shaped: makeShaped(plan),
    reshape,
  };
  return { simulation, probe };
}

/**
 * Runs to a time, µs, exclusive: what happens at `until` itself belongs to the next call. On the way it
 * stops where an input is due, a metric interval or a window of the loggers ends; those come before the
 * events of the same moment.
 */
export function runTo(run: SimulationRun, until: number): void {
  const { simulation, probe } = run;
  const { plan, world } = simulation;
  const intervalUs = plan.scenario.telemetry.metricIntervalUs;
  for (let now = world.clock[0] as number; now < until; now = world.clock[0] as number) {
    takeInputs(simulation);
    let stop = Math.min(until, nextInputAt(simulation));
    if (probe) {
      endPeriods(run);
      const metricsAt = (Math.floor(now / intervalUs) + 1) * intervalUs;
      const tickAt = (Math.floor(now / limiterTickUs) + 1) * limiterTickUs;
      stop = Math.min(stop, metricsAt, tickAt, world.telemetry?.late[0]?.t ?? Infinity);
    }
    advance(simulation, stop);
  }
}

/** Makes the records of intervals and windows that end right now; `runTo` leaves the last ones to do. */
export function endPeriods({ simulation, probe }: SimulationRun): void {
  const { plan, world } = simulation;
  const now = world.clock[0] as number;
  const intervalUs = plan.scenario.telemetry.metricIntervalUs;
  if (!probe || now === 0) return;
  if (now % limiterTickUs === 0) probe.endWindows(world);
  if (now % intervalUs === 0) probe.endInterval(world);
  giveLate(world);
}

/** Points whose lag is over are told now. */
function giveLate({ telemetry, clock }: World): void {
  if (!telemetry || telemetry.late.length === 0) return;
  const { late, pending } = telemetry;
  const due = late.findIndex(({ t }) => t > (clock[0] as number));
  pending.push(...late.splice(0, due < 0 ? late.length : due));
}
