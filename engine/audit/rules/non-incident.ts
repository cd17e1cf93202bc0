/** Where nothing is wrong for users the right answer is to leave it alone; but something must tempt. */
import type { Evidence } from '../evidence.ts';
import type { Finding, RuleResult } from '../model.ts';
import { breakOf } from '../outcome.ts';
import { breakText } from './moves-a-user-sli.ts';
import { finding, ruled } from './rule.ts';

export function nonIncident(evidence: Evidence): RuleResult | null {
  if (evidence.isIncident) return null;
  const { scenario, outcome, falsifiers } = evidence;
  const findings = scenario.objectives.map((objective, index): Finding => {
    const counts = outcome.objectives[index];
    const broken = counts ? breakOf(objective, counts, outcome.windowUs) : null;
    const name = `"${objective.name}" of ${objective.service}`;
    if (!broken) return finding('ok', `${name} holds`, { target: objective.target });
    const numbers = { target: objective.target, badShare: broken.badShare };
    return finding('refuse', `${name} is broken: ${breakText(broken)}`, numbers);
  });
  if (scenario.objectives.length === 0) {
    findings.push(finding('refuse', 'no objective says that users are well'));
  }
  if (!falsifiers.some(({ holds }) => holds)) {
    findings.push(finding('refuse', 'nothing tempts: no red herring that can be falsified'));
  }
  const isCalm = findings.every(({ level }) => level === 'ok');
  const says = isCalm ? 'users are well, and something tempts' : 'not a calm system that tempts';
  return ruled('non-incident', says, findings);
}
