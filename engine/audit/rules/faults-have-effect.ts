/** Ground truth that the simulation does not know of is wrong, whatever the sentences around it say. */
import { momentText, numberText } from '../../wording.ts';
import type { Evidence } from '../evidence.ts';
import type { FaultEffect } from '../fault-effects.ts';
import type { Finding, RuleResult } from '../model.ts';
import { finding, partOf, ruled } from './rule.ts';

export function faultsHaveEffect({ faults, isIncident, scenario }: Evidence): RuleResult {
  const findings = faults.map(effectFinding);
  const named = scenario.truth.rootCause?.fault ?? null;
  if (named !== null && !scenario.faults.some(({ id }) => id === named)) {
    findings.push(finding('refuse', `the root cause names fault ${named}, which there is not`));
  }
  if (isIncident && faults.length === 0) findings.push(finding('refuse', 'nothing is broken'));
  const effective = faults.filter(hasEffect).length;
  const says =
    faults.length === 0
      ? 'no faults'
      : partOf(effective, {
          of: faults.length,
          noun: 'fault',
          verbs: ['has an effect', 'have an effect'],
        });
  return ruled('faults-have-effect', says, findings);
}

function hasEffect({ difference, changesRecords }: FaultEffect): boolean {
  return difference !== null || changesRecords;
}

function effectFinding(effect: FaultEffect): Finding {
  const { fault, from, difference, changesRecords } = effect;
  const name = `fault ${fault.id} (${fault.kind}, from ${momentText(from)})`;
  if (difference) {
    const { what, at, withFault, withoutFault, strength } = difference;
    const isTime = what.startsWith('mean time ');
    const text = (n: number): string => (isTime ? `${numberText(n / 1000)} ms` : numberText(n));
    return finding(
      'ok',
      `${name}: ${what} ${text(withFault)} in the minute from ${momentText(at)}, ${text(withoutFault)} without it`,
      { withFault, withoutFault, strength },
    );
  }
  if (changesRecords) return finding('ok', `${name}: its records differ from those without it`);
  return finding(
    'refuse',
    `${name} changes nothing that one could see between its beginning and its end`,
  );
}
