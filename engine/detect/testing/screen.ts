/** Shows a scene to one detector, in this thread, and gives back everything it said. */
import type { Finding } from '../../incident/model.ts';
import { BatchReader } from '../../replay/batch.ts';
import type { Micros } from '../../sdk/index.ts';
import type { ScoreStep } from '../../store/model.ts';
import { stepsWithin } from '../../templates/index.ts';
import { momentText } from '../../wording.ts';
import type { AnyConfig } from '../contract.ts';
import { examineDetector, type AnyDetector, type DetectorMetadata } from '../contract.ts';
import { installGuard } from '../guard.ts';
import { withPlaces, type HostOutput } from '../hook-failure.ts';
import { DetectorHost, type Beat, type HostedRange, type HostSnapshot } from '../host.ts';
import { configure } from '../configure.ts';
import type { Rejection, ShardFailure } from '../protocol.ts';
import { marker } from '../protocol.ts';
import { runScoreStep } from '../output.ts';
import { batchesOf, film, type FilmedBatch, type Scene } from './scene.ts';

/** A detector that keeps the contract, ready to be shown scenes. */
export interface Candidate {
  readonly detector: AnyDetector;
  readonly metadata: DetectorMetadata;
  /** Its file, for the lines of failures. */
  readonly file: string;
  /** Called with every hook, for whoever watches that they return. */
  readonly beat?: Beat;
}

/** The detector, or every rule that it breaks. */
export function candidateOf(exported: unknown, file = 'detector'): Candidate | readonly string[] {
  const examined = examineDetector(exported);
  return examined.ok ? { ...examined, file } : examined.problems;
}

export interface Showing {
  readonly findings: readonly Finding[];
  readonly scores: readonly ScoreStep[];
  readonly failures: readonly ShardFailure[];
  readonly rejected: readonly Rejection[];
  readonly fed: number;
  /** States at the end. */
  readonly snapshot: HostSnapshot;
}

export interface ShowOptions {
  readonly config?: AnyConfig;
  readonly seed?: number;
  /** Moments, µs, at which ranges are cut, besides the ends of batches. */
  readonly cuts?: readonly Micros[];
  /** Records of a batch. */
  readonly batchSize?: number;
  /** At the cut with this number the host is thrown away and another goes on from its snapshot. */
  readonly replaceAt?: number;
}

export function show(actor: Candidate, scene: Scene, options: ShowOptions = {}): Showing {
  const filmed = film(scene);
  const config = configure(actor.metadata, { config: options.config ?? {} });
  const open = (): DetectorHost =>
    new DetectorHost({
      detectors: [
        {
          index: 0,
          loaded: { id: actor.metadata.id, config, metadata: actor.metadata, file: actor.file },
          detector: actor.detector,
        },
      ],
      header: filmed.header,
      seed: options.seed ?? 1,
      shard: { index: 0, count: 1 },
      startAt: 0,
      scoreStep: runScoreStep,
      marker: new Int32Array(marker.fields),
      beat: actor.beat ?? null,
    });
  const guard = installGuard();
  let host = open();
  const outputs: HostOutput[] = [];
  const ranges = batchesOf(filmed, options.batchSize).flatMap((batch) =>
    rangesOf(batch, options.cuts ?? []),
  );
  for (const [i, range] of ranges.entries()) {
    if (i === options.replaceAt) {
      const snapshot = structuredClone(host.snapshot());
      host = open();
      host.restore(snapshot);
    }
    guard.enter();
    try {
      outputs.push(host.run(range.reader, range));
    } finally {
      guard.leave();
    }
  }
  guard.enter();
  try {
    outputs.push(host.finish(filmed.durationUs));
  } finally {
    guard.leave();
  }
  const placed = outputs.map(withPlaces);
  return {
    findings: outputs.flatMap((output) => output.findings),
    scores: outputs.flatMap((output) => output.scores),
    failures: placed.flatMap((output) => output.failures),
    rejected: placed.flatMap((output) => output.rejected),
    fed: outputs.flatMap((output) => output.fed).reduce((sum, [, records]) => sum + records, 0),
    snapshot: host.snapshot(),
  };
}

/** Why it did not get to the end, or what it said that nobody can use; '' where all is well. */
export function failureOf({ failures, rejected }: Showing): string {
  const [failure] = failures;
  if (failure !== undefined) return `it failed in ${failure.hook}: ${failure.reason}`;
  const [rejection] = rejected;
  return rejection === undefined
    ? ''
    : `a finding of it was rejected: ${rejection.reason}, at ${momentText(rejection.t)}`;
}

interface ShownRange extends HostedRange {
  readonly reader: BatchReader;
}

function rangesOf(batch: FilmedBatch, cuts: readonly Micros[]): ShownRange[] {
  const reader = new BatchReader(batch.slot);
  reader.open(batch);
  const { templates: steps } = batch;
  const ranges: ShownRange[] = [];
  const first = reader.columns.t[0] ?? 0;
  let from = 0;
  for (const cut of cuts) {
    if (batch.count === 0 || cut <= first || cut >= batch.through) continue;
    const to = reader.indexAt(cut, from);
    ranges.push({ reader, from, to, through: cut, templates: stepsWithin(steps, from, to) });
    from = to;
  }
  const to = batch.count;
  const { through } = batch;
  ranges.push({ reader, from, to, through, templates: stepsWithin(steps, from, to) });
  return ranges;
}
