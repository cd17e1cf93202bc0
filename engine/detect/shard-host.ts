/** Answers a shard's tasks, whatever carries them: opens the detectors, then feeds them in order. */
import { BatchReader, BatchWriter, makeSlot, unpackBatch, type Slot } from '../replay/batch.ts';
import { examineDetector } from './contract.ts';
import { installGuard, type Guard } from './guard.ts';
import { withPlaces, type HostOutput } from './hook-failure.ts';
import { DetectorHost, type Beat } from './host.ts';
import type { Hosted } from './lane.ts';
import { importDetector, type Runner } from './module.ts';
import {
  marker as field,
  markedHooks,
  type DetectorRange,
  type OpenTask,
  type PlacedDetector,
  type ShardOutput,
  type ShardTask,
} from './protocol.ts';

/** What a host does around plugin code beyond the guard. */
export interface HostSurroundings {
  /** Runs plugin code. */
  readonly run: Runner;
  /** Called with every hook. */
  readonly beat: Beat;
}

export class ShardHost {
  readonly #guard: Guard = installGuard();
  readonly #surroundings: HostSurroundings | null;
  #host: DetectorHost | null = null;
  #readers: Ring | null = null;
  #marker: Int32Array = new Int32Array(field.fields);

  constructor(surroundings: HostSurroundings | null = null) {
    this.#surroundings = surroundings;
  }

  async answer(task: ShardTask): Promise<ShardOutput> {
    if (task.type === 'open') return this.#open(task);
    const host = this.#host;
    if (host === null) throw new Error('the shard is not open');
    for (const detector of task.stopped) host.stop(detector);
    return this.#watched(() => {
      if (task.type === 'finish') return host.finish(task.through);
      return host.run(this.#read(task.range, task.packed), task.range);
    });
  }

  async #open(task: OpenTask): Promise<ShardOutput> {
    if (task.marker !== null) this.#marker = new Int32Array(task.marker);
    this.#readers = new Ring(task.slots);
    const detectors: Hosted[] = [];
    for (const placed of task.detectors) {
      this.#marker[field.detector] = placed.index;
      this.#marker[field.hook] = markedHooks.indexOf('load');
      this.#surroundings?.beat(markedHooks.indexOf('load'), task.startAt);
      detectors.push(await host(placed, this.#surroundings?.run));
    }
    return this.#watched(() => {
      const { header, seed, shard, startAt, templates, scoreStep } = task;
      const opened = new DetectorHost({
        detectors,
        header,
        seed,
        shard,
        startAt,
        templates,
        scoreStep,
        marker: this.#marker,
        beat: this.#surroundings?.beat ?? null,
      });
      this.#host = opened;
      // Failures of `init` leave with the first range.
      return { findings: [], scores: [], failures: [], rejected: [], fed: [] };
    });
  }

  /** Runs plugin code: under guard, and with the watchdog watching. */
  #watched(run: () => HostOutput): ShardOutput {
    this.#marker[field.busy] = 1;
    this.#guard.enter();
    let output: HostOutput;
    try {
      output = this.#surroundings ? this.#surroundings.run(run) : run();
    } finally {
      this.#guard.leave();
      this.#marker[field.busy] = 0;
    }
    return withPlaces(output);
  }

  #read(range: DetectorRange, packed: Uint8Array | null): BatchReader {
    if (this.#readers === null) throw new Error('the shard has no slots');
    return this.#readers.open(range, packed);
  }
}

async function host({ index, loaded }: PlacedDetector, run?: Runner): Promise<Hosted> {
  const examined = examineDetector(await importDetector(loaded, run));
  // It was examined when it was loaded: only a module that is another one each time comes here.
  if (!examined.ok)
    throw new Error(`it changed while it was loaded: ${examined.problems.join('; ')}`);
  return { index, loaded, detector: examined.detector };
}

/** One reader a slot, so that the text of a batch is decoded once for all of its ranges. */
class Ring {
  readonly #shared: boolean;
  readonly #slots: readonly Slot[];
  readonly #readers = new Map<number, { readonly reader: BatchReader; sequence: number }>();

  /** A shard that shares no memory has no slots: it keeps the latest batch in one of its own. */
  constructor(slots: readonly Slot[]) {
    this.#shared = slots.length > 0;
    this.#slots = this.#shared ? slots : [makeSlot()];
  }

  open(range: DetectorRange, packed: Uint8Array | null): BatchReader {
    const index = this.#shared ? range.slot : 0;
    const slot = this.#slots[index];
    if (slot === undefined) throw new Error(`there is no slot ${index}`);
    const known = this.#readers.get(index) ?? { reader: new BatchReader(slot), sequence: -1 };
    this.#readers.set(index, known);
    if (known.sequence !== range.sequence) {
      if (packed !== null) unpackBatch(packed, range.count, new BatchWriter(slot));
      known.reader.open(range);
      known.sequence = range.sequence;
    }
    return known.reader;
  }
}
