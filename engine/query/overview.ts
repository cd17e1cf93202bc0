import { statSync } from 'node:fs';
import { Type } from 'typebox';
import { incidentSeverities } from '../incident/model.ts';
import { whetherWritable } from '../store/human-events.ts';
import { inputsOf } from './inputs.ts';
import { sumOf } from './level-totals.ts';
import { question } from './question.ts';
import type { RunReader, RunRow } from './reader.ts';
import { seriesNodes } from './series.ts';
import type {
  DetectorState,
  ForkOrigin,
  RunOverview,
  RunProgress,
  RunState,
  RunSummary,
} from './types.ts';

/** What does not change while a run is played: its parts, states and counts. */
export const overview = question(
  Type.Object({}, { additionalProperties: false }),
  (run): RunOverview => {
    const row = run.run();
    return {
      ...summaryOf(run),
      startUnixUs: row.start_unix_us,
      logs: sumOf(run.levelsUntil(run.playhead(row.through))),
      services: run.services.map(({ name, kind, entry }) => ({ name, kind, entry: entry === 1 })),
      dependencies: run
        .tuples<[caller: number, callee: number]>('SELECT caller_id, callee_id FROM dependency')
        .map(([caller, callee]) => ({
          caller: run.serviceName(caller),
          callee: run.serviceName(callee),
        })),
      series: seriesNodes(run, null),
      detectorStates: detectorStates(run),
      intake: intakeOf(row),
      writable: whetherWritable(run.file),
    };
  },
);

/** One line of the list of runs. `live` is for the process that hosts the run to set. */
export function summaryOf(run: RunReader): RunSummary {
  const row = run.run();
  const { state, reason } = stateOf(run, row);
  return {
    id: row.id,
    title: row.title,
    scenario: row.scenario_name,
    kind: row.scenario_kind,
    state,
    stateReason: reason,
    seed: row.seed,
    createdUnixMs: row.created_unix_ms,
    durationUs: row.duration,
    throughUs: row.through,
    records: row.stored_count,
    incidents: incidentCounts(run),
    detectors: run
      .rows<{ name: string }>('SELECT name FROM detector ORDER BY id')
      .map((detector) => detector.name),
    fileBytes: statSync(run.file).size,
    digest: row.digest,
    tags: tagsOf(row),
    difficulty: row.difficulty,
    parent: originOf(run, row),
    live: false,
  };
}

function originOf(run: RunReader, { parent_id, forked_at }: RunRow): ForkOrigin | null {
  if (parent_id === null) return null;
  const at = forked_at ?? 0;
  // Those before and after it are its parent's.
  const actions = inputsOf(run).filter(({ t }) => t === at);
  return { run: parent_id, at, actions: actions.map(({ text }) => text) };
}

/** The state of a run as it is now, whatever its file says of a writer that is gone. */
export function stateNowOf(run: RunReader): RunState {
  return stateOf(run, run.run()).state;
}

/** How far a run is, and how fast it was asked to go. */
export function progressOf(run: RunReader): RunProgress {
  const row = run.run();
  return {
    state: stateOf(run, row).state,
    throughUs: row.through,
    durationUs: row.duration,
    askedSpeed: row.asked_speed === 'max' ? 'max' : Number(row.asked_speed),
  };
}

/** A file whose writer is gone says so itself: nobody was left to write `interrupted` into it. */
function stateOf(
  run: RunReader,
  row: RunRow,
): { readonly state: RunState; readonly reason: string } {
  const isOpen = row.state === 'running' || row.state === 'paused';
  const writer = run.writer();
  if (!isOpen || writer === 'there') return { state: row.state, reason: row.state_reason };
  const reason =
    writer === 'gone'
      ? 'its process ended before the run did'
      : 'it was written on another machine, or before a restart of this one; shown as far as it is stored';
  return { state: 'interrupted', reason };
}

function incidentCounts(run: RunReader): RunSummary['incidents'] {
  // A bare column beside max() comes from the row that holds the maximum: the last severity.
  const last = run.tuples<[severity: string, k: number]>(
    `SELECT payload ->> '$.severity', max(k) FROM incident_event
     WHERE kind IN ('opened', 'severity-changed') GROUP BY incident`,
  );
  const counts = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const [text] of last) {
    const severity = incidentSeverities.find((known) => known === text);
    if (severity) counts[severity]++;
  }
  return counts;
}

/** @throws SyntaxError for what is no JSON, which is damage */
function tagsOf({ tags }: RunRow): readonly string[] {
  const list: unknown = JSON.parse(tags);
  return Array.isArray(list) ? list.filter((tag) => typeof tag === 'string') : [];
}

function intakeOf(row: RunRow): RunOverview['intake'] {
  if (row.scenario_kind === 'simulated') return null;
  return {
    read: row.read_count,
    stored: row.stored_count,
    rejected: row.rejected_count,
    truncated: row.truncated_count,
    duplicates: row.duplicate_count,
  };
}

interface DetectorRow {
  readonly name: string;
  readonly summary: string;
  readonly state: DetectorState['state'];
  readonly failure: string;
  readonly records_fed: number;
  readonly findings: number;
  readonly findings_dropped: number;
}

function detectorStates(run: RunReader): DetectorState[] {
  return run
    .rows<DetectorRow>(
      'SELECT name, summary, state, failure, records_fed, findings, findings_dropped FROM detector ORDER BY id',
    )
    .map((row) => ({
      name: row.name,
      summary: row.summary,
      state: row.state,
      failure: row.failure,
      recordsFed: row.records_fed,
      findings: row.findings,
      findingsDropped: row.findings_dropped,
    }));
}
