/** Opens everything a run needs, and starts it. */
import { openDetectorPool, type LoadedDetector } from '../detect/index.ts';
import { limits } from '../limits.ts';
import type { Scenario } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';
import { WriterLink, type DetectorDescription } from '../store/index.ts';
import type { WriterProcess } from '../writer-process.ts';
import { makeSlot } from './batch.ts';
import type { Clock } from './clock.ts';
import { Run } from './run.ts';
import { SourceFeed } from './source-feed.ts';
import type { SourcePlan } from './source-plan.ts';
import type { Speed } from './speed.ts';
import { TruthMeter } from './truth-meter.ts';

export interface RunOptions {
  readonly runId: string;
  /** Path of the run file to create. */
  readonly file: string;
  readonly scenario: Scenario;
  readonly plan: SourcePlan;
  readonly seed: number;
  /** The run that this one branches from, where it is a fork. */
  readonly parent?: { readonly runId: string; readonly at: Micros };
  readonly detectors: readonly LoadedDetector[];
  /** Threads that detectors run on; never changes a result. */
  readonly workers: number;
  readonly speed: Speed;
  /** People follow the run: index from the first row instead of after the last. */
  readonly watched: boolean;
  readonly paused?: boolean;
  readonly engineVersion: string;
  /** The process that writes: this one. */
  readonly process: WriterProcess;
  /** Told what a person's detector prints, line by line, whatever is in it. */
  readonly printed?: (detector: string, line: string) => void;
  readonly clock: Clock;
  /** ms since the Unix epoch. */
  readonly wallClock: () => number;
}

/**
 * Starts a run. The promise resolves when its run file stands.
 * @throws WorkbenchError when source, detectors or run file cannot be opened
 */
export async function startRun(options: RunOptions): Promise<Run> {
  const slots = Array.from({ length: limits.batchSlots }, makeSlot);
  const feed = new SourceFeed(options.plan, slots);
  const opened: { close(): Promise<void> }[] = [feed];
  try {
    const header = await feed.header;
    const { detectors, workers, seed, plan } = options;
    const writer = new WriterLink({
      file: options.file,
      slots,
      run: {
        id: options.runId,
        scenario: options.scenario,
        header,
        seed,
        inputs: plan.kind === 'simulated' ? plan.inputs : [],
        parent: options.parent ?? null,
        engineVersion: options.engineVersion,
        createdUnixMs: options.wallClock(),
        askedSpeed: String(options.speed),
        workers,
        writer: options.process,
        indexFirst: options.watched,
        detectors: detectors.map(describe),
      },
    });
    opened.push(writer);
    // Threads take their time to start: side by side, and all of them, so that all can be closed.
    const [ready, opening] = await Promise.allSettled([
      writer.ready,
      openDetectorPool({
        ...{ detectors, workers, slots, header, seed },
        restartsMax: limits.detectorRestartsMax,
        ...(options.printed ? { printed: options.printed } : {}),
      }),
    ]);
    if (opening.status === 'fulfilled') opened.push(opening.value);
    if (ready.status === 'rejected') throw ready.reason;
    if (opening.status === 'rejected') throw opening.reason;
    const pool = opening.value;
    const truth = new TruthMeter(plan);
    opened.push(truth);
    const { runId, file, clock, wallClock, speed } = options;
    const paused = options.paused === true;
    return new Run({
      runId,
      file,
      header,
      slots,
      feed,
      pool,
      writer,
      truth,
      clock,
      wallClock,
      speed,
      paused,
    });
  } catch (error) {
    await Promise.all(opened.map((part) => part.close()));
    throw error;
  }
}

function describe({ id, origin, file, config, metadata }: LoadedDetector): DetectorDescription {
  const { summary, per, options, messages } = metadata;
  return {
    name: id,
    summary,
    per,
    options,
    config,
    messages,
    origin: origin === 'file' ? file : origin,
  };
}
