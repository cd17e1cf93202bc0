/** What can be said of a recording: whether its truth is told. All else would need it to run again. */
import { momentText } from '../wording.ts';
import type { RecordedScenario } from '../scenario/model.ts';
import type { RuleResult } from './model.ts';
import { finding, plural, ruled } from './rules/rule.ts';

export function recordedRules({ truth, durationUs }: RecordedScenario): RuleResult[] {
  const { rootCause, category, windows, clues, redHerrings } = truth;
  const isIncident = category !== 'none';
  const unchecked = 'not checked: a recording cannot be simulated';
  const findings = [
    finding('remark', unchecked, { clues: clues.length, herrings: redHerrings.length }),
  ];
  if (isIncident && rootCause === null) findings.push(finding('refuse', 'no root cause is named'));
  if (category === null) findings.push(finding('remark', 'no category is named'));
  if (isIncident && windows.length === 0) {
    findings.push(finding('remark', 'nobody says when the outage was'));
  }
  for (const { from, to } of windows) {
    if (durationUs !== null && from >= durationUs) {
      const says = `the outage at ${momentText(from)}–${momentText(to)} is after the end of the recording`;
      findings.push(finding('refuse', says));
    }
  }
  const told = `${plural(windows.length, 'window')} of outage told`;
  return [ruled('faults-have-effect', `${told}; ${unchecked}`, findings)];
}
