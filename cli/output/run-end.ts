/** The last object of `run --json`: everything that came of the run, failed or not. */
import type { IncidentView } from '../../engine/incident/index.ts';
import { openRun } from '../../engine/query/index.ts';
import type { IntakeCounts } from '../../engine/query/types.ts';
import type { Run, RunOutcome } from '../../engine/replay/index.ts';
import { WorkbenchError } from '../../engine/errors.ts';
import { failureFacts } from './failure.ts';

export interface RunEndFacts {
  readonly run: Pick<Run, 'runId' | 'file'>;
  readonly outcome: RunOutcome;
  readonly incidents: readonly IncidentView[];
  readonly wallMs: number;
  /** Size of the run file. */
  readonly bytes: number;
}

export function runEndObject({ run, outcome, incidents, wallMs, bytes }: RunEndFacts) {
  const { state, reason, digest, throughUs, detectors, error } = outcome;
  return {
    type: 'end',
    run: run.runId,
    file: run.file,
    bytes,
    state,
    reason,
    digest,
    throughUs,
    wallMs,
    records: storedCounts(run.file),
    detectors,
    incidents,
    error: error ? failureFacts(error) : null,
  };
}

/** The run file is the truth of what it holds; null where it cannot be read. */
function storedCounts(file: string): IntakeCounts | null {
  try {
    const reader = openRun(file);
    try {
      const row = reader.run();
      return {
        // A simulation is never read: what it made is what there was.
        read: row.scenario_kind === 'simulated' ? row.stored_count : row.read_count,
        stored: row.stored_count,
        rejected: row.rejected_count,
        truncated: row.truncated_count,
        duplicates: row.duplicate_count,
      };
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof WorkbenchError) return null;
    throw error;
  }
}
