/** An audit on a terminal: one line a rule, and why where one is not content. */
import type { Audit, Level, RuleResult } from '../../engine/audit/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { plural } from './format.ts';
import type { Paint, Tint } from './style.ts';

const tints: Record<Level, Tint> = { ok: 'ok', remark: 'medium', refuse: 'critical' };
const ruleWidth = 'herrings-falsifiable'.length;

export function auditLines(audit: Audit, paint: Paint): string[] {
  const { accepted, name, seed, difficulty, kind } = audit;
  const verdict = accepted ? paint('ok', 'accepted') : paint('critical', 'refused');
  const facts = [
    difficulty === null ? 'no difficulty' : `difficulty ${difficulty}`,
    kind === 'simulated' ? `seed ${seed}` : kind,
  ];
  const head = `${verdict} ${paint('bold', printable(name))} (${facts.join(', ')})`;
  return [head, ...audit.rules.flatMap((rule) => ruleLines(rule, paint))];
}

function ruleLines({ rule, level, says, findings }: RuleResult, paint: Paint): string[] {
  const mark = paint(tints[level], level.padEnd(6));
  const line = `  ${mark} ${rule.padEnd(ruleWidth)}  ${printable(says)}`;
  const reasons = findings.filter((one) => one.level !== 'ok' && one.says !== says);
  const indent = ' '.repeat(ruleWidth + 11);
  return [
    line,
    ...reasons.map((one) => `${indent}${paint(tints[one.level], '-')} ${printable(one.says)}`),
  ];
}

export function auditSum(sum: {
  readonly accepted: number;
  readonly refused: number;
  readonly failed: number;
}): string {
  const parts = [`${plural(sum.accepted, 'scenario')} accepted`, `${sum.refused} refused`];
  return [...parts, ...(sum.failed > 0 ? [`${sum.failed} could not be audited`] : [])].join(', ');
}
