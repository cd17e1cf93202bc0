/** The evidence as facts for people who choose what to play. */
import type { ClueResult } from './checks/index.ts';
import type { Evidence } from './evidence.ts';
import type { ClueFacts, PlayFacts } from './model.ts';
import { lostMinutes } from './outcome.ts';
import { actionHolds } from './rules/actions.ts';
import { streamsOf } from './rules/three-clues.ts';
import { usersPerSecond } from './size.ts';

export function playFacts(evidence: Evidence): PlayFacts {
  const { scenario, isIncident, troubleAt, firstObservable, firstUserImpact } = evidence;
  const { redHerrings } = scenario.truth;
  return {
    isIncident,
    durationUs: scenario.durationUs,
    services: scenario.services.length,
    usersPerSecond: usersPerSecond(scenario),
    troubleAt,
    firstObservable,
    firstUserImpact,
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
