/** A red herring is fair when the records themselves show that it is one. */
import type { Evidence } from '../evidence.ts';
import type { Finding, RuleResult } from '../model.ts';
import { auditPolicy as policy } from '../policy.ts';
import { finding, partOf, plural, ruled } from './rule.ts';
import { clueFinding } from './three-clues.ts';

export function herringsFalsifiable({ falsifiers, scenario, isIncident }: Evidence): RuleResult {
  const { redHerrings } = scenario.truth;
  const findings: Finding[] = falsifiers.map((falsifier, i) => {
    const found = clueFinding('falsified by', falsifier);
    return { ...found, says: `herring "${redHerrings[i]?.says ?? ''}" ${found.says}` };
  });
  const difficulty = scenario.difficulty ?? 1;
  if (isIncident && difficulty > 1 && redHerrings.length < policy.herringsMin) {
    const says = `${plural(redHerrings.length, 'red herring')} of at least ${policy.herringsMin} at difficulty ${difficulty}`;
    findings.push(finding('refuse', says, { herrings: redHerrings.length }));
  }
  if (redHerrings.length > policy.herringsMax) {
    const says = `${plural(redHerrings.length, 'red herring')}: more than ${policy.herringsMax} are noise`;
    findings.push(finding('remark', says, { herrings: redHerrings.length }));
  }
  const fair = falsifiers.filter(({ holds }) => holds).length;
  const says =
    redHerrings.length === 0
      ? 'no red herrings'
      : partOf(fair, {
          of: redHerrings.length,
          noun: 'red herring',
          verbs: ['can be falsified', 'can be falsified'],
        });
  return ruled('herrings-falsifiable', says, findings);
}
