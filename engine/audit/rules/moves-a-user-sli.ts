/** An outage is one for users: an objective breaks that holds without the faults. */
import { momentText, shareText } from '../../wording.ts';
import type { Evidence } from '../evidence.ts';
import type { Finding, RuleResult } from '../model.ts';
import { breakOf, type Break } from '../outcome.ts';
import { finding, plural, ruled } from './rule.ts';

const rule = 'moves-a-user-sli';

export function movesAUserSli(evidence: Evidence): RuleResult | null {
  if (!evidence.isIncident) return null;
  if (evidence.users.length === 0) {
    const says = 'no objective is at a service that users call';
    return ruled(rule, says, [finding('refuse', says)]);
  }
  const judged = evidence.users.map((index) => judge(evidence, index));
  const moved = judged.filter(({ moves }) => moves);
  const findings = judged.map((one) => one.finding);
  if (moved.length > 0) {
    return ruled(
      rule,
      `${plural(moved.length, 'objective')} of users broken by the faults`,
      findings,
    );
  }
  const says = 'no objective of users is broken by the faults';
  return ruled(rule, says, [finding('refuse', says), ...findings]);
}

function judge(evidence: Evidence, index: number): { moves: boolean; finding: Finding } {
  const { scenario, outcome, calm } = evidence;
  const objective = scenario.objectives[index];
  const counts = outcome.objectives[index];
  const calmCounts = calm.objectives[index];
  if (!objective || !counts || !calmCounts) throw new Error('an objective was not measured');
  const broken = breakOf(objective, counts, outcome.windowUs);
  const always = breakOf(objective, calmCounts, calm.windowUs);
  const numbers = {
    target: objective.target,
    badShare: broken?.badShare ?? null,
    badShareCalm: always?.badShare ?? null,
  };
  const name = `"${objective.name}" of ${objective.service}`;
  if (always) {
    return {
      moves: false,
      finding: finding(
        'remark',
        `${name} is broken without any fault too: ${breakText(always)}`,
        numbers,
      ),
    };
  }
  if (!broken) {
    return { moves: false, finding: finding('ok', `${name} holds`, numbers) };
  }
  return {
    moves: true,
    finding: finding('ok', `${name} is broken: ${breakText(broken)}`, numbers),
  };
}

export function breakText({ how, from, badShare, limit }: Break): string {
  const since = momentText(from);
  return how === 'burn'
    ? `${shareText(badShare)} bad in the minute from ${since} (${shareText(limit)} is ten times its budget)`
    : `${shareText(badShare)} bad over its window from ${since} (its budget is ${shareText(limit)})`;
}
