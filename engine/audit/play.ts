/** The evidence as facts for people who choose what to play. */
import type { ClueResult } from './checks/index.ts';
import type { Evidence } from './evidence.ts';
import type { ClueFacts, PlayFacts } from './model.ts';
import { firstImpact, lostMinutes } from './outcome.ts';
import { actionHolds } from './rules/actions.ts';
import { streamsOf } from './rules/three-clues.ts';
import { usersPerSecond } from './size.ts';

export function playFacts(evidence: Evidence): PlayFacts {
  const { scenario, isIncident, troubleAt, sign } = evidence;
  const { redHerrings } = scenario.truth;
  return {
    isIncident,
    durationUs: scenario.durationUs,
    services: scenario.services.length,
    usersPerSecond: usersPerSecond(scenario),
    troubleAt,
    firstSign: sign && { at: sign.at, says: sign.says },
    firstImpact: isIncident ? impactOf(evidence) : null,
    lostMinutes: lostMinutes(evidence.outcome, { of: evidence.users }),
    clues: evidence.clues.map((clue) => clueFacts(clue.says, clue)),
    herrings: evidence.falsifiers.map((falsifier, i) =>
      clueFacts(redHerrings[i]?.says ?? falsifier.says, falsifier),
    ),
    oneLine: isIncident ? evidence.oneLine : [],
    actions: evidence.actions.map((result) => ({
      claim: result.kind,
      actions: result.claim.actions,
      at: result.claim.at,
      says: result.claim.says,
      lostMinutes: result.lostMinutes,
      holds: actionHolds(result),
    })),
  };
}

function clueFacts(says: string, clue: ClueResult): ClueFacts {
  const measured = clue.checks.map((check) => check.says);
  return { says, holds: clue.holds, streams: streamsOf([clue]), measured };
}

/** Of the objectives of users, the one that tells first. */
function impactOf(evidence: Evidence): PlayFacts['firstImpact'] {
  const { scenario, users, outcome, troubleAt } = evidence;
  let first: PlayFacts['firstImpact'] = null;
  for (const index of users) {
    const objective = scenario.objectives[index];
    const counts = outcome.objectives[index];
    if (!objective || !counts || troubleAt === null) continue;
    const { windowUs } = outcome;
    const at = firstImpact(objective, counts, { since: troubleAt, windowUs });
    if (at === null || (first && first.at <= at)) continue;
    first = { at, objective: `"${objective.name}" of ${objective.service}` };
  }
  return first;
}
