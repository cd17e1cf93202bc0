/**
 * A detector in a benchmark. Bundled ones run in this very thread, timed; a file of somebody's runs in
 * a process of its own, as in a run: it can hurt itself and nobody else.
 */
import { examineDetector } from '../../detect/contract.ts';
import { installGuard, type Guard } from '../../detect/guard.ts';
import { withPlaces } from '../../detect/hook-failure.ts';
import { DetectorHost } from '../../detect/host.ts';
import { openDetectorPool, type DetectorPool, type LoadedDetector } from '../../detect/index.ts';
import { OutputMerge, type DetectorOutput } from '../../detect/merge.ts';
import { importDetector } from '../../detect/module.ts';
import { marker, type DetectorRange } from '../../detect/protocol.ts';
import { WorkbenchError } from '../../errors.ts';
import type { BatchReader, Slot } from '../../replay/batch.ts';
import type { Clock } from '../../replay/clock.ts';
import type { SourceHeader } from '../../replay/source.ts';
import type { Micros } from '../../sdk/index.ts';

export interface Player {
  readonly id: string;
  play(reader: BatchReader, range: DetectorRange): Promise<DetectorOutput>;
  finish(through: Micros): Promise<DetectorOutput>;
  /** After `finish`. */
  cost(): {
    readonly recordsFed: number;
    readonly busyNs: number;
    readonly stateBytes: number | null;
  };
  close(): Promise<void>;
}

export interface PlayerSetting {
  readonly header: SourceHeader;
  readonly seed: number;
  readonly slot: Slot;
  /** Keep a score that moved by this much since the last kept one; 0 keeps every one. */
  readonly scoreStep: number;
  readonly clock: Clock;
}

export async function openPlayer(loaded: LoadedDetector, setting: PlayerSetting): Promise<Player> {
  return loaded.origin === 'built-in'
    ? LocalPlayer.open(loaded, setting)
    : new IsolatedPlayer(loaded.id, await openPool(loaded, setting), setting.clock);
}

const nsPerMs = 1_000_000;

class LocalPlayer implements Player {
  readonly id: string;
  readonly #host: DetectorHost;
  readonly #guard: Guard;
  readonly #clock: Clock;
  readonly #merge: OutputMerge;
  #busyMs = 0;
  #batches = 0;
  /** Batches until the next look, which costs as much as the states are large. */
  #nextWeighing = 1;
  #stateBytes = 0;

  static async open(loaded: LoadedDetector, setting: PlayerSetting): Promise<LocalPlayer> {
    const examined = examineDetector(await importDetector(loaded));
    if (!examined.ok) {
      const reason = examined.problems.join('; ');
      throw new WorkbenchError('DETECTOR_INVALID', { file: loaded.file, reason });
    }
    const guard = installGuard();
    const open = (): DetectorHost =>
      new DetectorHost({
        detectors: [{ index: 0, loaded, detector: examined.detector }],
        header: setting.header,
        seed: setting.seed,
        shard: { index: 0, count: 1 },
        startAt: 0,
        scoreStep: setting.scoreStep,
        marker: new Int32Array(marker.fields),
        beat: null,
      });
    return new LocalPlayer(loaded.id, guarded(guard, open), guard, setting.clock);
  }

  private constructor(id: string, host: DetectorHost, guard: Guard, clock: Clock) {
    this.id = id;
    this.#host = host;
    this.#guard = guard;
    this.#clock = clock;
    this.#merge = new OutputMerge([id]);
  }

  async play(reader: BatchReader, range: DetectorRange): Promise<DetectorOutput> {
    const output = await this.#timed(() => this.#host.run(reader, range));
    this.#batches++;
    if (this.#batches === this.#nextWeighing) {
      this.#weighStates();
      this.#nextWeighing *= 4;
    }
    return output;
  }

  finish(through: Micros): Promise<DetectorOutput> {
    return this.#timed(() => this.#host.finish(through));
  }

  cost() {
    const [total] = this.#merge.totals();
    this.#weighStates();
    const recordsFed = total?.recordsFed ?? 0;
    return { recordsFed, busyNs: this.#busyMs * nsPerMs, stateBytes: this.#stateBytes };
  }

  #weighStates(): void {
    this.#stateBytes = Math.max(this.#stateBytes, this.#host.stateBytes());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #timed(work: () => ReturnType<DetectorHost['run']>): Promise<DetectorOutput> {
    const started = this.#clock.now();
    const output = guarded(this.#guard, work);
    this.#busyMs += this.#clock.now() - started;
    const merged = this.#merge.add([{ ...withPlaces(output), restarted: [], slow: [] }]);
    if (merged.failures.length > 0) this.#host.stop(0);
    return Promise.resolve(merged);
  }
}

class IsolatedPlayer implements Player {
  readonly id: string;
  readonly #pool: DetectorPool;
  readonly #clock: Clock;
  #busyMs = 0;

  constructor(id: string, pool: DetectorPool, clock: Clock) {
    this.id = id;
    this.#pool = pool;
    this.#clock = clock;
  }

  play(_reader: BatchReader, range: DetectorRange): Promise<DetectorOutput> {
    return this.#timed(() => this.#pool.process(range));
  }

  finish(through: Micros): Promise<DetectorOutput> {
    return this.#timed(() => this.#pool.finish(through));
  }

  cost() {
    const [total] = this.#pool.totals();
    return { recordsFed: total?.recordsFed ?? 0, busyNs: this.#busyMs * nsPerMs, stateBytes: null };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #timed(work: () => Promise<DetectorOutput>): Promise<DetectorOutput> {
    const started = this.#clock.now();
    const output = await work();
    this.#busyMs += this.#clock.now() - started;
    return output;
  }
}

function openPool(loaded: LoadedDetector, setting: PlayerSetting): Promise<DetectorPool> {
  const { header, seed, slot, scoreStep } = setting;
  return openDetectorPool({
    detectors: [loaded],
    workers: 1,
    slots: [slot],
    header,
    seed,
    scoreStep,
  });
}

function guarded<T>(guard: Guard, work: () => T): T {
  guard.enter();
  try {
    return work();
  } finally {
    guard.leave();
  }
}
