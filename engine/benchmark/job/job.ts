/**
 * Plays one item for all entries of a board: its records are made once, and each detector reads them
 * by itself, so that what one says, costs or breaks is its own. What comes out depends on the job
 * alone, whoever plays it and beside what.
 */
import type { DetectorOutput, LoadedDetector } from '../../detect/index.ts';
import { runScoreStep } from '../../detect/output.ts';
import { limits } from '../../limits.ts';
import { BatchReader, makeSlot, type BatchWriter } from '../../replay/batch.ts';
import type { Clock } from '../../replay/clock.ts';
import { MiningWriter } from '../../replay/mining-writer.ts';
import { openSource } from '../../replay/source-plan.ts';
import type { Source } from '../../replay/source.ts';
import { createLearner } from '../../templates/index.ts';
import {
  planOf,
  type BenchEntry,
  type BenchItem,
  type BenchJob,
  type EntryCost,
  type JobResult,
} from '../model.ts';
import { OutageRecorder } from './outage-recorder.ts';
import type { Recorder } from './recorder.ts';
import { openPlayer, type Player, type PlayerSetting } from './player.ts';
import { SeriesRecorder } from './series-recorder.ts';
import { createSeriesSource } from './series-source.ts';
import { truthOf } from './truth.ts';

export async function playJob({ item, seed, entries }: BenchJob, clock: Clock): Promise<JobResult> {
  const source = sourceOf(item, seed);
  const table = await Table.open(item, { seed, entries, source, clock });
  try {
    const records = await table.playAll();
    const truth = item.kind === 'outage' ? truthOf(item, seed, source.header) : null;
    return { records, truth, outcomes: await table.finish() };
  } finally {
    source.close();
    await table.close();
  }
}

function sourceOf(item: BenchItem, seed: number): Source {
  return item.kind === 'series' ? createSeriesSource(item.series) : openSource(planOf(item, seed));
}

interface Seat {
  readonly entry: BenchEntry;
  readonly players: readonly Player[];
  readonly recorder: Recorder;
  readonly failures: string[];
}

interface Setting {
  readonly seed: number;
  readonly entries: readonly BenchEntry[];
  readonly source: Source;
  readonly clock: Clock;
}

/** Entries and their detectors around one source. */
class Table {
  readonly #source: Source;
  readonly #seats: readonly Seat[];
  readonly #players: readonly Player[];
  readonly #writer: BatchWriter;
  readonly #reader: BatchReader;

  static async open(item: BenchItem, { seed, entries, source, clock }: Setting): Promise<Table> {
    const slot = makeSlot();
    const { header } = source;
    // Rows of a series are scored one by one; of an outage what matters is when something was found.
    const scoreStep = item.kind === 'series' ? 0 : runScoreStep;
    const shared = new Map<string, Player>();
    const player = async (loaded: LoadedDetector, entry: BenchEntry): Promise<Player> => {
      const key = playerKey(loaded, entry);
      const setting: PlayerSetting = {
        ...{ header, slot, scoreStep, clock },
        seed: seed + entry.seedOffset,
      };
      const known = shared.get(key) ?? (await openPlayer(loaded, setting));
      shared.set(key, known);
      return known;
    };
    const seats: Seat[] = [];
    for (const entry of entries) {
      const players: Player[] = [];
      for (const loaded of entry.detectors) players.push(await player(loaded, entry));
      const recorder =
        item.kind === 'series' ? new SeriesRecorder(item.series) : new OutageRecorder(header);
      seats.push({ entry, players, recorder, failures: [] });
    }
    return new Table(source, seats, { players: [...shared.values()], slot });
  }

  private constructor(
    source: Source,
    seats: readonly Seat[],
    { players, slot }: { readonly players: readonly Player[]; readonly slot: SharedArrayBuffer },
  ) {
    this.#source = source;
    this.#seats = seats;
    this.#players = players;
    this.#writer = new MiningWriter(slot, createLearner());
    this.#reader = new BatchReader(slot);
  }

  async playAll(): Promise<number> {
    let records = 0;
    for (let sequence = 0; ; sequence++) {
      this.#writer.reset();
      const next = this.#source.next(this.#writer);
      if (next === null) return records;
      const { count, textBytes, templates } = this.#writer;
      records += count;
      const batch = { slot: 0, sequence, count, textBytes, templates };
      const range = { ...batch, from: 0, to: count, ...next };
      this.#reader.open(range);
      const said = await this.#ask((player) => player.play(this.#reader, range));
      for (const { recorder, ...seat } of this.#seats) {
        recorder.observe(this.#reader, range);
        recorder.add(outputsOf(seat, said), range.through);
      }
    }
  }

  async finish(): Promise<JobResult['outcomes']> {
    const { durationUs } = this.#source.header;
    const said = await this.#ask((player) => player.finish(durationUs));
    return this.#seats.map((seat) =>
      seat.recorder.finish(outputsOf(seat, said), durationUs, costOf(seat)),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#players.map((player) => player.close()));
  }

  async #ask(
    question: (player: Player) => Promise<DetectorOutput>,
  ): Promise<ReadonlyMap<Player, DetectorOutput>> {
    const said = new Map<Player, DetectorOutput>();
    for (const player of this.#players) said.set(player, await question(player));
    return said;
  }
}

/** One detector with the same options and seed plays once, whatever entries it is in. */
function playerKey({ url, config }: LoadedDetector, { seedOffset }: BenchEntry): string {
  return JSON.stringify([url, config, seedOffset]);
}

function outputsOf(
  { players, failures }: Pick<Seat, 'players' | 'failures'>,
  said: ReadonlyMap<Player, DetectorOutput>,
): DetectorOutput[] {
  return players.flatMap((player) => {
    const output = said.get(player);
    for (const { hook, reason } of output?.failures ?? []) {
      failures.push(`${player.id}: ${hook}: ${reason}`);
    }
    for (const { reason } of output?.rejected ?? []) {
      const failure = `${player.id}: a finding was rejected: ${reason}`;
      if (!failures.includes(failure) && failures.length < limits.rejectionReasonsMax) {
        failures.push(failure);
      }
    }
    return output ?? [];
  });
}

function costOf({ players, failures }: Seat): EntryCost {
  const costs = players.map((player) => player.cost());
  const sizes = costs.map(({ stateBytes }) => stateBytes);
  return {
    recordsFed: costs.reduce((sum, { recordsFed }) => sum + recordsFed, 0),
    busyNs: costs.reduce((sum, { busyNs }) => sum + busyNs, 0),
    stateBytes: sizes.includes(null)
      ? null
      : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    failures,
  };
}
