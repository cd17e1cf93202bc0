/** The checks of one detector, in order, none of them run yet. */
import type { Beat } from '../host.ts';
import type { Runner } from '../module.ts';
import type { CheckResult } from './check-result.ts';
import { rules } from './checks.ts';
import { firingProblem, quietProblem, type Examples } from './examples.ts';
import { candidateOf } from './screen.ts';

export interface PlannedCheck {
  readonly name: string;
  run(): CheckResult;
}

export interface CheckSetting {
  readonly file: string;
  /** Called with every hook. */
  readonly beat?: Beat;
  /** Runs plugin code. */
  readonly runner?: Runner;
}

const contractHint = 'plugins/skeleton is the commented one to copy';
const quietHint = 'loosen the detector, or move the scene to the firing ones';
const firingHint = 'compared are message, service and seconds: change the detector or the example';
const failureHint = 'the place is in your file, the record is the one that it read there';

export function planChecks(
  detector: unknown,
  examples: Examples,
  { file, beat, runner = (work) => work() }: CheckSetting,
): PlannedCheck[] {
  const candidate = candidateOf(detector, file);
  const planned = (name: string, hint: string, check: () => string): PlannedCheck => ({
    name,
    run: () => {
      const reason = runner(check);
      const pass = reason === '';
      const shownHint = isFailure(reason) ? failureHint : hint;
      return { name, pass, reason, hint: pass ? '' : shownHint };
    },
  });
  if (!('detector' in candidate)) {
    return [planned('keeps the contract', contractHint, () => candidate.join('; '))];
  }
  const actor = beat === undefined ? candidate : { ...candidate, beat };
  return [
    planned('keeps the contract', contractHint, () => ''),
    ...examples.quiet.map((one) =>
      planned(`quiet: ${one.name}`, quietHint, () => quietProblem(actor, one)),
    ),
    ...examples.fires.map((one) =>
      planned(`fires: ${one.name}`, firingHint, () => firingProblem(actor, one)),
    ),
    ...Object.entries(rules).map(([name, { check, hint }]) =>
      planned(name, hint, () => check(actor, examples)),
    ),
  ];
}

/** It threw, or said what cannot be taken: whatever was checked, that comes first. */
function isFailure(reason: string): boolean {
  return /^(in ".*": )?(it failed in|a finding of it was rejected)/.test(reason);
}
