/** A scenario held against all rules. */
import type { RecordedScenario, SimulatedScenario } from '../scenario/model.ts';
import { gatherEvidence, type AuditOptions, type Evidence } from './evidence.ts';
import type { Audit, RuleResult } from './model.ts';
import { playFacts } from './play.ts';
import { recordedRules } from './recorded.ts';
import { actionsDoAsTold } from './rules/actions.ts';
import { faultsHaveEffect } from './rules/faults-have-effect.ts';
import { herringsFalsifiable } from './rules/herrings-falsifiable.ts';
import { fitsTheLibrary } from './rules/library.ts';
import { movesAUserSli } from './rules/moves-a-user-sli.ts';
import { nonIncident } from './rules/non-incident.ts';
import { oneLineRule } from './rules/one-line-rules.ts';
import type { Rule } from './rules/rule.ts';
import { threeClues } from './rules/three-clues.ts';

/** In the order in which they are told. */
const rules: readonly Rule[] = [
  movesAUserSli,
  nonIncident,
  threeClues,
  herringsFalsifiable,
  faultsHaveEffect,
  oneLineRule,
  actionsDoAsTold,
];

export interface AuditSimulatedOptions extends AuditOptions {
  /** Is to become part of the library: its sizes count too. */
  readonly library?: boolean;
}

/** @throws WorkbenchError AUDIT_TOO_LARGE, and what the simulation throws */
export function auditSimulated(
  scenario: SimulatedScenario,
  options: AuditSimulatedOptions = {},
): Audit {
  const evidence = gatherEvidence(scenario, options);
  const asked = options.library ? [...rules, fitsTheLibrary] : rules;
  const results = judged(evidence, asked);
  return {
    ...about(scenario, results),
    seed: options.seed ?? scenario.seed,
    play: playFacts(evidence),
  };
}

/** A recording cannot be run without its fault, or with an action: little of it can be checked. */
export function auditRecorded(scenario: RecordedScenario): Audit {
  return { ...about(scenario, recordedRules(scenario)), seed: scenario.seed, play: null };
}

function judged(evidence: Evidence, asked: readonly Rule[]): RuleResult[] {
  return asked.flatMap((rule) => rule(evidence) ?? []);
}

function about(
  scenario: SimulatedScenario | RecordedScenario,
  rules: readonly RuleResult[],
): Omit<Audit, 'seed' | 'play'> {
  const { name, title, kind, hash, difficulty, tags, truth } = scenario;
  const accepted = rules.every(({ level }) => level !== 'refuse');
  return { name, title, kind, hash, difficulty, category: truth.category, tags, accepted, rules };
}
