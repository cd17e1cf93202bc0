/**
 * The three-clue rule: whoever misses one clue, or misreads another, still has a third. Clues count as
 * independent as far as each can be given evidence of its own, that no other of them needs; and one
 * stream must not be enough, for people who only read logs learn nothing about the rest. A clue that
 * does not hold means that truth and simulation disagree, however many others do.
 */
import type { ClueResult } from '../checks/index.ts';
import type { Evidence } from '../evidence.ts';
import type { Finding, RuleResult } from '../model.ts';
import { auditPolicy as policy } from '../policy.ts';
import { finding, listText, partOf, plural, ruled } from './rule.ts';

export function threeClues({ clues, isIncident, scenario }: Evidence): RuleResult | null {
  if (!isIncident && clues.length === 0) return null;
  const holding = clues.filter(({ holds }) => holds);
  const independent = independentClues(holding);
  const streams = streamsOf(holding);
  const findings: Finding[] = clues.map((clue) => clueFinding('clue', clue));
  if (isIncident) {
    if (scenario.truth.rootCause === null)
      findings.push(finding('refuse', 'no root cause is named'));
    if (independent < policy.cluesMin) {
      const says = `${plural(independent, 'independent clue')} of at least ${policy.cluesMin}`;
      findings.push(finding('refuse', says, { independent }));
    }
    if (streams.length < policy.clueStreamsMin) {
      const says = `evidence from ${plural(streams.length, 'stream')} of at least ${policy.clueStreamsMin}`;
      findings.push(finding('refuse', says, { streams: streams.length }));
    }
  }
  const from = streams.length === 0 ? '' : `, from ${listText(streams)} records`;
  const part = partOf(holding.length, { of: clues.length, noun: 'clue', verbs: ['holds', 'hold'] });
  const says = `${part}, ${independent} independent${from}`;
  return ruled('three-clues', says, findings);
}

/** Of a clue or of what falsifies a herring: what was expected and what there is. */
export function clueFinding(what: string, { says, checks, holds }: ClueResult): Finding {
  const passed = checks.filter(({ pass }) => pass).length;
  const records = checks.reduce((sum, check) => sum + check.records, 0);
  const numbers = { checks: checks.length, passed, records };
  if (checks.length === 0) {
    return finding('refuse', `${what} "${says}": no check bears it out`, numbers);
  }
  const shown = holds ? checks : checks.filter(({ pass }) => !pass);
  const measured = shown.map((check) => check.says).join('; ');
  const verdict = holds ? '' : ' does not hold';
  return finding(holds ? 'ok' : 'refuse', `${what} "${says}"${verdict}: ${measured}`, numbers);
}

export function streamsOf(clues: readonly ClueResult[]): string[] {
  return [...new Set(clues.flatMap(({ checks }) => checks.map(({ stream }) => stream)))];
}

/** How many clues can have evidence of their own: a largest matching of clues and evidence. */
export function independentClues(clues: readonly ClueResult[]): number {
  const owner = new Map<string, ClueResult>();
  const give = (clue: ClueResult, tried: Set<string>): boolean => {
    for (const { evidence } of clue.checks) {
      if (tried.has(evidence)) continue;
      tried.add(evidence);
      const other = owner.get(evidence);
      if (other && !give(other, tried)) continue;
      owner.set(evidence, clue);
      return true;
    }
    return false;
  };
  return clues.filter((clue) => give(clue, new Set())).length;
}
