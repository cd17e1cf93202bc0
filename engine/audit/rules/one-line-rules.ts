/** Above difficulty 1 no rule of one line may find the cause. */
import type { Evidence } from '../evidence.ts';
import type { RuleResult } from '../model.ts';
import { finding, listText, ruled } from './rule.ts';

export function oneLineRule({ oneLine, isIncident, scenario }: Evidence): RuleResult | null {
  if (!isIncident || oneLine.length === 0) return null;
  const difficulty = scenario.difficulty ?? 1;
  const findings = oneLine.map(({ name, service, because, findsTheCause }) => {
    const blames =
      service === null ? `blames nobody (${because})` : `blames ${service} (${because})`;
    if (!findsTheCause) return finding('ok', `${name} ${blames}`);
    const right = `${name} ${blames} and is right`;
    return difficulty > 1
      ? finding('refuse', `${right}, at difficulty ${difficulty}`)
      : finding('remark', right);
  });
  const names = oneLine.filter(({ findsTheCause }) => findsTheCause).map(({ name }) => name);
  const says =
    names.length === 0 ? 'none finds the cause' : `the cause is found by: ${listText(names)}`;
  return ruled('one-line-rules', says, findings);
}
