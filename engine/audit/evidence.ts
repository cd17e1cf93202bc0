/** Everything that the rules judge: simulations with and without faults and actions, and their records. */
import { parseAction } from '../scenario/index.ts';
import type { ActionModel, FaultModel, SimulatedScenario } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';
import {
  createSimulatorSource,
  measureOutcome,
  measureTruth,
  type MeasuredTruth,
  type Outcome,
} from '../simulator/index.ts';
import { clueProbe, type CheckContext, type ClueResult } from './checks/index.ts';
import type { Measure, OneLineFacts } from './model.ts';
import { oneLineRules } from './one-line.ts';
import { actionResults, type ActionResult } from './action-results.ts';
import { faultEffects, telemetryOnly, windowOf, type FaultEffect } from './fault-effects.ts';
import { digestObserver } from './observe/digest.ts';
import { profileObserver, type Profile } from './observe/profile.ts';
import { watchTemplates, type NewTemplate } from './observe/templates.ts';
import { observe } from './records.ts';
import { refuseTooLarge } from './size.ts';

export interface AuditOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number;
  /** Instead of simulations. */
  readonly measure?: Measure;
  /** An action from its text, instead of the scenario's; null where it has no such action. */
  readonly readAction?: (text: string) => ActionModel | null;
}

export interface Evidence {
  readonly scenario: SimulatedScenario;
  readonly isIncident: boolean;
  /** The first fault, or the first surge where there is none; null where nothing happens. */
  readonly troubleAt: Micros | null;
  /** Indexes of the objectives of services that users call. */
  readonly users: readonly number[];
  readonly outcome: Outcome;
  /** The same without any fault. */
  readonly calm: Outcome;
  readonly clues: readonly ClueResult[];
  /** What shows of each red herring that it is one. */
  readonly falsifiers: readonly ClueResult[];
  readonly faults: readonly FaultEffect[];
  readonly firstObservable: Micros | null;
  readonly firstUserImpact: Micros | null;
  readonly oneLine: readonly OneLineFacts[];
  readonly actions: readonly ActionResult[];
}

/** @throws WorkbenchError AUDIT_TOO_LARGE, and what the simulation throws */
export function gatherEvidence(scenario: SimulatedScenario, options: AuditOptions): Evidence {
  refuseTooLarge(scenario);
  const seed = options.seed ?? scenario.seed;
  const faults = faultsByThemselves(scenario);
  const measure = options.measure ?? simulations(scenario);
  const truth = measure.truth({ seed });
  const { outcome, firstObservable, firstUserImpact } = truth;
  const users = userObjectives(scenario);
  const troubleAt = troubleOf(scenario, faults);
  const seen = watchRecords(scenario, { seed, faults, troubleAt });
  const oneLine =
    troubleAt === null
      ? []
      : oneLineRules(seen, scenario.truth, { troubleAt, impactAt: impactOf(truth, troubleAt) });
  return {
    scenario,
    isIncident: scenario.truth.category !== 'none',
    troubleAt,
    users,
    outcome,
    calm: measure.outcome({ seed, withoutFaults: 'all' }),
    clues: seen.clues,
    falsifiers: seen.falsifiers,
    faults: faultEffects(scenario, faults, { seed, measure, outcome, ...seen }),
    firstObservable,
    firstUserImpact,
    oneLine,
    actions: actionResults(scenario, {
      measure,
      readAction: options.readAction ?? ((text) => actionOf(scenario, text)),
      seed,
      outcome,
      users,
    }),
  };
}

function simulations(scenario: SimulatedScenario): Measure {
  return {
    outcome: (options) => measureOutcome(scenario, options),
    truth: ({ seed }) => measureTruth(scenario, { seed, inputs: [] }),
  };
}

function actionOf(scenario: SimulatedScenario, text: string): ActionModel | null {
  const read = parseAction(scenario, text);
  return 'action' in read ? read.action : null;
}

/** When the first service does worse; where none does, when the records first show something. */
function impactOf({ impacts, firstObservable }: MeasuredTruth, troubleAt: Micros): Micros {
  const [first] = impacts.map(({ from }) => from).sort((a, b) => a - b);
  return Math.max(troubleAt, first ?? firstObservable ?? troubleAt);
}

/** Those that begin on their own; others, set for after the end, wait for an action. */
function faultsByThemselves(scenario: SimulatedScenario): readonly FaultModel[] {
  const begun = new Set(scenario.actions.custom.flatMap(({ begins }) => begins));
  return scenario.faults.filter(({ at }, index) => at < scenario.durationUs || !begun.has(index));
}

function troubleOf({ traffic }: SimulatedScenario, faults: readonly FaultModel[]): Micros | null {
  const starts = faults.length > 0 ? faults : traffic.flatMap(({ surges }) => surges);
  return starts.length === 0 ? null : Math.min(...starts.map(({ at }) => at));
}

function userObjectives({ objectives, services, traffic }: SimulatedScenario): number[] {
  const called = new Set(
    traffic.flatMap(({ kind, service }) => (kind === 'users' ? services[service]?.name : [])),
  );
  return objectives.flatMap(({ service }, index) => (called.has(service) ? index : []));
}

interface Seen {
  readonly clues: readonly ClueResult[];
  readonly falsifiers: readonly ClueResult[];
  readonly profile: Profile;
  readonly templates: readonly NewTemplate[];
  /** By fault id, for those that only touch what is told. */
  readonly digests: ReadonlyMap<string, string>;
}

function watchRecords(
  scenario: SimulatedScenario,
  options: {
    readonly seed: number;
    readonly faults: readonly FaultModel[];
    readonly troubleAt: Micros | null;
  },
): Seen {
  const { seed, faults, troubleAt } = options;
  const source = createSimulatorSource(scenario, { seed });
  const firstFaultAt = faults.length === 0 ? null : Math.min(...faults.map(({ at }) => at));
  const context: CheckContext = { header: source.header, firstFaultAt };
  const clues = scenario.truth.clues.map((clue) => clueProbe(clue, context));
  const falsifiers = scenario.truth.redHerrings.map(({ falsifiedBy }) =>
    clueProbe(falsifiedBy, context),
  );
  const { observer, profile } = profileObserver(source.header);
  const templates = watchTemplates(troubleAt ?? Infinity);
  const digests = faults
    .filter(telemetryOnly)
    .map((fault) => [fault.id, digestObserver(windowOf(fault, scenario))] as const);
  const observers = [
    observer,
    templates.observer,
    ...[...clues, ...falsifiers].flatMap(({ observers }) => observers),
    ...digests.map(([, digest]) => digest.observer),
  ];
  observe(source, observers, scenario.name);
  return {
    clues: clues.map(({ result }) => result()),
    falsifiers: falsifiers.map(({ result }) => result()),
    profile,
    templates: templates.newTemplates(),
    digests: new Map(digests.map(([id, { digest }]) => [id, digest()])),
  };
}
