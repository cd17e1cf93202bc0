/** What all rules share. A rule is a function of the evidence; null where it does not apply. */
import type { Evidence } from '../evidence.ts';
import type { Finding, Level, RuleName, RuleResult } from '../model.ts';

export type Rule = (evidence: Evidence) => RuleResult | null;

export function finding(level: Level, says: string, numbers: Finding['numbers'] = {}): Finding {
  return { level, says, numbers };
}

/** @param findings at least one */
export function ruled(rule: RuleName, says: string, findings: readonly Finding[]): RuleResult {
  return { rule, level: worstOf(findings), says, findings };
}

function worstOf(findings: readonly Finding[]): Level {
  const levels = findings.map(({ level }) => level);
  if (levels.includes('refuse')) return 'refuse';
  return levels.includes('remark') ? 'remark' : 'ok';
}

/** `1 clue`, `2 clues`. */
export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `1 of 4 clues holds`, `3 of 4 clues hold`. */
export function partOf(
  n: number,
  {
    of,
    noun,
    verbs,
  }: { readonly of: number; readonly noun: string; readonly verbs: readonly [string, string] },
): string {
  return `${n} of ${plural(of, noun)} ${n === 1 ? verbs[0] : verbs[1]}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

/** `0.4 min`, `12 min`. */
export function minutesText(minutes: number): string {
  return `${minutes < 9.95 ? Number(minutes.toFixed(1)) : Math.round(minutes)} min`;
}
