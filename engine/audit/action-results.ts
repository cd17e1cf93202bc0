/** What the claims about actions are worth: the run with them beside the run in which nobody acts. */
import type {
  ActionClaim,
  ActionInput,
  ActionModel,
  SimulatedScenario,
} from '../scenario/model.ts';
import type { Outcome } from '../simulator/index.ts';
import type { Measure } from './model.ts';
import { lostMinutes } from './outcome.ts';

export interface ActionResult {
  readonly kind: 'helpful' | 'harmful';
  readonly claim: ActionClaim;
  /** The first of its actions that the scenario does not know, or null. */
  readonly unknown: string | null;
  /** Lost minutes of the whole run with it, and when nobody acts. */
  readonly lostMinutes: number;
  readonly idleMinutes: number;
  /** Of those, the ones after its time: what there was to save. */
  readonly idleMinutesAfter: number;
}

interface Run {
  readonly seed: number;
  readonly measure: Measure;
  readonly readAction: (text: string) => ActionModel | null;
  readonly outcome: Outcome;
  readonly users: readonly number[];
}

export function actionResults({ truth }: SimulatedScenario, run: Run): ActionResult[] {
  return [
    ...truth.helpful.map((claim) => resultOf('helpful', claim, run)),
    ...truth.harmful.map((claim) => resultOf('harmful', claim, run)),
  ];
}

function resultOf(kind: ActionResult['kind'], claim: ActionClaim, run: Run): ActionResult {
  const idleMinutes = lostMinutes(run.outcome, { of: run.users });
  const idleMinutesAfter = lostMinutes(run.outcome, { of: run.users, since: claim.at });
  const inputs: ActionInput[] = [];
  for (const text of claim.actions) {
    const action = run.readAction(text);
    if (!action) {
      const lost = { lostMinutes: idleMinutes, idleMinutes, idleMinutesAfter };
      return { kind, claim, unknown: text, ...lost };
    }
    inputs.push({ at: claim.at, action, text });
  }
  const outcome = run.measure.outcome({ seed: run.seed, inputs });
  const lost = lostMinutes(outcome, { of: run.users });
  return { kind, claim, unknown: null, lostMinutes: lost, idleMinutes, idleMinutesAfter };
}
