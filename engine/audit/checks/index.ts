/** A check of the ground truth, ready to watch the records go by. */
import type { Check, Clue } from '../../scenario/model.ts';
import { type CheckContext, type CheckProbe, type CheckResult } from './check.ts';
import { countProbe } from './count.ts';
import { metricProbe } from './metric.ts';

export type { CheckContext, CheckResult } from './check.ts';

export function checkProbe(check: Check, context: CheckContext): CheckProbe {
  return check.stream === 'metric' ? metricProbe(check, context) : countProbe(check, context);
}

export interface ClueResult {
  readonly says: string;
  /** All checks pass, and there is one. */
  readonly holds: boolean;
  readonly checks: readonly CheckResult[];
}

export interface ClueProbe {
  readonly observers: readonly CheckProbe['observer'][];
  readonly result: () => ClueResult;
}

export function clueProbe(clue: Clue, context: CheckContext): ClueProbe {
  const probes = clue.checks.map((check) => checkProbe(check, context));
  return {
    observers: probes.map(({ observer }) => observer),
    result() {
      const checks = probes.map(({ result }) => result());
      const holds = checks.length > 0 && checks.every(({ pass }) => pass);
      return { says: clue.says, holds, checks };
    },
  };
}
