/** A run that this process drives, from its start to its exit code: what `run` and `fork` share. */
import type { LoadedDetector } from '../engine/detect/index.ts';
import { ExitCode } from '../engine/errors.ts';
import type { Run, RunOutcome, SourcePlan, Speed } from '../engine/replay/index.ts';
import type { Scenario } from '../engine/scenario/index.ts';
import type { Micros } from '../engine/sdk/index.ts';
import { printable } from '../engine/terminal-text.ts';
import { exitCodeOfSignal, interruptOnSignal } from './interrupt.ts';
import type { Io, StopSignal } from './io.ts';
import { sayFailure } from './output/failure.ts';
import type { RunReport } from './output/run-report.ts';
import { dropReserved, type NewRun } from './run-files.ts';
import { packageVersion } from './version.ts';

export interface LiveRunOptions {
  readonly target: NewRun;
  readonly scenario: Scenario;
  readonly plan: SourcePlan;
  readonly seed: number;
  readonly detectors: readonly LoadedDetector[];
  readonly speed: Speed;
  /** Threads that detectors run on; default: what the machine has to spare. */
  readonly workers?: number | undefined;
  /** People follow the run while it goes on. */
  readonly watched: boolean;
  readonly paused: boolean;
  readonly parent?: { readonly runId: string; readonly at: Micros };
}

/** Starts it; where that fails no empty file is left. */
export async function startLiveRun(io: Io, options: LiveRunOptions): Promise<Run> {
  const { startRun, systemClock } = await import('../engine/replay/index.ts');
  const { target, workers, ...given } = options;
  try {
    return await startRun({
      ...given,
      runId: target.runId,
      file: target.file,
      workers: workers ?? defaultWorkers(io),
      engineVersion: packageVersion(),
      process: io.process,
      printed: (detector, line) =>
        void io.stderr.write(`${printable(detector)} | ${printable(line)}\n`),
      clock: systemClock,
      wallClock: () => io.now(),
    });
  } catch (error) {
    dropReserved(target);
    throw error;
  }
}

export interface LiveRunEnd {
  readonly outcome: RunOutcome;
  readonly exitCode: number;
}

/** Waits for its end; the first Ctrl+C brings that about. */
export async function endOfLiveRun(
  io: Io,
  live: Run,
  report: Pick<RunReport, 'say'>,
): Promise<LiveRunEnd> {
  const interruption = interruptOnSignal(io, live, (text) => report.say(text));
  try {
    const outcome = await live.done;
    return { outcome, exitCode: exitCodeOf(outcome, interruption.signal()) };
  } finally {
    interruption.stopListening();
  }
}

/** Tells how it ended. */
export function tellEnd(io: Io, live: Run, { outcome }: LiveRunEnd, report: RunReport): void {
  report.end(live, outcome);
  // The last object of --json says it already.
  if (outcome.error) sayFailure(io, outcome.error);
}

/** Source, writer and the main thread are busy too: leave them a core. */
function defaultWorkers(io: Io): number {
  return Math.max(1, Math.min(4, io.cores - 1));
}

function exitCodeOf({ state, error }: RunOutcome, signal: StopSignal | null): number {
  switch (state) {
    case 'completed':
      return ExitCode.ok;
    case 'degraded':
      return ExitCode.detectorFailed;
    case 'interrupted':
      return exitCodeOfSignal(signal);
    case 'failed':
      return error?.exitCode ?? ExitCode.internal;
    default:
      return state satisfies never;
  }
}
