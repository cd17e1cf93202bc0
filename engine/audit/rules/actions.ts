/** Actions do what the truth says of them: the helpful ones save lost minutes, the harmful ones cost some. */
import { momentText } from '../../wording.ts';
import type { ActionResult } from '../action-results.ts';
import type { Evidence } from '../evidence.ts';
import type { Finding, RuleResult } from '../model.ts';
import { auditPolicy as policy } from '../policy.ts';
import { finding, minutesText, partOf, ruled } from './rule.ts';

export function actionsDoAsTold({ actions, isIncident }: Evidence): RuleResult | null {
  if (actions.length === 0 && !isIncident) return null;
  const findings = actions.map(actionFinding);
  if (isIncident && !actions.some(({ kind }) => kind === 'helpful')) {
    findings.push(finding('remark', 'nobody says which action helps'));
  }
  const right = actions.filter(actionHolds).length;
  const says =
    actions.length === 0
      ? 'no claims about actions'
      : partOf(right, {
          of: actions.length,
          noun: 'claim',
          verbs: ['about actions holds', 'about actions hold'],
        });
  return ruled('actions', says, findings);
}

/** Better, or worse, by more than what another course of chance would make of it. */
export function actionHolds(result: ActionResult): boolean {
  const { kind, unknown, lostMinutes, idleMinutes, idleMinutesAfter } = result;
  const saved = idleMinutes - lostMinutes;
  const margin = Math.max(policy.actionMinutesMin, policy.actionShare * idleMinutesAfter);
  return unknown === null && (kind === 'helpful' ? saved : -saved) >= margin;
}

function actionFinding(result: ActionResult): Finding {
  const { kind, claim, unknown, lostMinutes, idleMinutes } = result;
  const name = `${kind} ${claim.actions.join(' and ')} at ${momentText(claim.at)}`;
  if (unknown !== null)
    return finding('refuse', `${name}: ${unknown} is no action of this scenario`);
  const numbers = { lostMinutes, idleMinutes };
  const text = `${minutesText(lostMinutes)} lost, ${minutesText(idleMinutes)} when nobody acts`;
  if (actionHolds(result)) return finding('ok', `${name}: ${text}`, numbers);
  const wanted = kind === 'helpful' ? 'does not help' : 'does no harm';
  return finding('refuse', `${name} ${wanted}: ${text}`, numbers);
}
