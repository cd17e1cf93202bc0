/** What each fault changes: the run as it is beside the same run without that fault. */
import type { FaultModel, SimulatedScenario } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';
import { createSimulatorSource, type Outcome } from '../simulator/index.ts';
import { outcomeDifference, telemetryDifference, type Difference } from './compare.ts';
import type { Measure } from './model.ts';
import { digestObserver } from './observe/digest.ts';
import { profileObserver, type Profile } from './observe/profile.ts';
import { observe } from './records.ts';

export interface FaultEffect {
  readonly fault: FaultModel;
  readonly from: Micros;
  readonly to: Micros;
  /** What users, services or records show of it within its window; null for nothing. */
  readonly difference: Difference | null;
  /** Single records differ, though their numbers do not: a clock that is off. */
  readonly changesRecords: boolean;
}

/** From its beginning to its end; one that lasts reaches past the last points, which are of the very end. */
export function windowOf(
  { at, until }: Pick<FaultModel, 'at' | 'until'>,
  { durationUs }: Pick<SimulatedScenario, 'durationUs'>,
): { readonly from: Micros; readonly to: Micros } {
  return { from: at, to: Math.min(until ?? Infinity, durationUs + 1) };
}

/** Faults that change what is told, and maybe nothing else. */
export function telemetryOnly({ kind }: FaultModel): boolean {
  return kind === 'telemetry-loss' || kind === 'clock-skew';
}

export function faultEffects(
  scenario: SimulatedScenario,
  faults: readonly FaultModel[],
  run: {
    readonly seed: number;
    readonly measure: Measure;
    readonly outcome: Outcome;
    readonly profile: Profile;
    readonly digests: ReadonlyMap<string, string>;
  },
): FaultEffect[] {
  const names = {
    services: scenario.services.map(({ name }) => name),
    objectives: scenario.objectives.map(({ name }) => `"${name}"`),
  };
  return faults.map((fault) => {
    const window = windowOf(fault, scenario);
    const without = run.measure.outcome({ seed: run.seed, withoutFaults: [fault.id] });
    const outcomes = { withFault: run.outcome, withoutFault: without };
    const difference = outcomeDifference(outcomes, window, names);
    if (difference) return { fault, ...window, difference, changesRecords: false };
    return { fault, ...window, ...inRecords(scenario, fault, run) };
  });
}

function inRecords(
  scenario: SimulatedScenario,
  fault: FaultModel,
  run: {
    readonly seed: number;
    readonly profile: Profile;
    readonly digests: ReadonlyMap<string, string>;
  },
): Pick<FaultEffect, 'difference' | 'changesRecords'> {
  const window = windowOf(fault, scenario);
  const source = createSimulatorSource(withoutFault(scenario, fault), { seed: run.seed });
  const { observer, profile } = profileObserver(source.header);
  const digest = digestObserver(window);
  const ownDigest = run.digests.get(fault.id);
  const observers = ownDigest === undefined ? [observer] : [observer, digest.observer];
  observe(source, observers, scenario.name);
  return {
    difference: telemetryDifference({ withFault: run.profile, withoutFault: profile }, window),
    changesRecords: ownDigest !== undefined && ownDigest !== digest.digest(),
  };
}

/** The fault keeps its place, for actions name faults by index; it only never comes. */
function withoutFault(scenario: SimulatedScenario, { id }: FaultModel): SimulatedScenario {
  const faults = scenario.faults.map((fault) =>
    fault.id === id ? { ...fault, at: Infinity, until: null } : fault,
  );
  return { ...scenario, faults };
}
