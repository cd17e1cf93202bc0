/**
 * From sorted rows to columnar batches: drops what another file has given already, turns wall-clock
 * into scenario time, mines the templates of logs, and measures the cadence of each series on the way.
 */
import { Kind, makeSlot, packBatch, type BatchWriter } from '../replay/batch.ts';
import { MiningWriter } from '../replay/mining-writer.ts';
import { createLearner, type TemplateStep } from '../templates/index.ts';
import { limits } from '../limits.ts';
import type { Intake } from './intake.ts';
import type { Numbering } from './header.ts';
import type { StagedRow } from './staging.ts';

export interface PackedBatch {
  readonly count: number;
  readonly columns: Buffer;
  /** What its logs teach about their templates. */
  readonly templates: readonly TemplateStep[];
  /** Exclusive: every record with `t < through` is in this batch or an earlier one. */
  readonly through: number;
}

export interface PackPlan {
  readonly numbering: Numbering;
  readonly startUnixUs: number;
  readonly durationUs: number;
  /** Name of the file of each part, for what is refused. */
  readonly files: readonly string[];
}

/** Yields batches in order; a batch ends when it is full or spans `recordingBatchUsMax`. */
export function* packRows(
  rows: Iterable<StagedRow>,
  { numbering, startUnixUs, durationUs, files }: PackPlan,
  cadence: CadenceMeter,
  intake: Intake,
): Generator<PackedBatch> {
  const batch = new MiningWriter(makeSlot(), createLearner());
  const duplicates = new DuplicateFilter();
  const lastOfSeries = new Map<number, LastPoint>();
  let endsUs = 0;
  for (const row of rows) {
    const [us, , part, kind, subject] = row;
    const t = us - startUnixUs;
    const index = (kind === Kind.metric ? numbering.seriesOf : numbering.serviceOf)[subject] ?? -1;
    // A dead series: withdrawn as a whole.
    if (index < 0) continue;
    if (t < 0 || t >= durationUs) {
      const reason = 'outside of the start and duration that the scenario names';
      intake.refuse({ file: files[part] ?? '', line: 0, reason });
      continue;
    }
    if (duplicates.seen(row)) {
      intake.duplicate();
      continue;
    }
    if (kind === Kind.metric) {
      const last = lastOfSeries.get(index);
      if (last?.t === t) {
        settleSecondPoint(last, row, files, intake);
        continue;
      }
      if (last) cadence.add(index, t - last.t);
      lastOfSeries.set(index, { t, value: row[6] });
    }
    if (batch.count > 0 && t >= endsUs) yield flush(batch, t);
    if (!append(batch, t, index, row)) {
      yield flush(batch, t);
      append(batch, t, index, row);
    }
    if (batch.count === 1) endsUs = t + limits.recordingBatchUsMax;
  }
  if (batch.count > 0) yield flush(batch, durationUs);
}

interface LastPoint {
  readonly t: number;
  readonly value: number;
}

/** A series has one value at a time: the same again is a duplicate, another one is refused. */
function settleSecondPoint(
  last: LastPoint,
  row: StagedRow,
  files: readonly string[],
  intake: Intake,
): void {
  if (Object.is(last.value, row[6])) intake.duplicate();
  else {
    const reason = 'a second value of a series for the same moment';
    intake.refuse({ file: files[row[2]] ?? '', line: 0, reason });
  }
}

function flush(batch: BatchWriter, through: number): PackedBatch {
  const { count, templates } = batch;
  const packed = { count, columns: packBatch(batch), templates, through };
  batch.reset();
  return packed;
}

function append(batch: BatchWriter, t: number, index: number, row: StagedRow): boolean {
  const [, , , kind, , severity, value, body, trace, span, parent, attributes] = row;
  if (kind === Kind.metric) return batch.metric(t, index, value);
  const text = { body, trace, span, parent, attributes };
  return kind === Kind.log
    ? batch.log(t, index, severity, text)
    : batch.span(t, index, severity, value, text);
}

/**
 * Exact duplicates across files, as overlapping exports have them. Within one file the same line
 * twice at the same time is two events, so of each distinct record the file that has it most often
 * decides how many there are. Metric points have a rule of their own.
 */
class DuplicateFilter {
  #us = -1;
  #ns = -1;
  readonly #seen = new Map<string, { part: number; inPart: number; kept: number }>();

  seen(row: StagedRow): boolean {
    const [us, ns, part, kind, ...rest] = row;
    if (kind === Kind.metric) return false;
    if (us !== this.#us || ns !== this.#ns) {
      this.#us = us;
      this.#ns = ns;
      this.#seen.clear();
    }
    const key = `${kind}\0${rest.join('\0')}`;
    const before = this.#seen.get(key);
    if (!before) {
      if (this.#seen.size < limits.duplicateWindowMax) {
        this.#seen.set(key, { part, inPart: 1, kept: 1 });
      }
      return false;
    }
    before.inPart = before.part === part ? before.inPart + 1 : 1;
    before.part = part;
    if (before.inPart <= before.kept) return true;
    before.kept = before.inPart;
    return false;
  }
}

/** Spacings that are remembered of each series: a median needs no more. */
const spacingsMax = 63;

/** The usual distance between two points of a series: the median of its first spacings. */
export class CadenceMeter {
  readonly #spacings = new Map<number, number[]>();

  add(series: number, us: number): void {
    let spacings = this.#spacings.get(series);
    if (!spacings) this.#spacings.set(series, (spacings = []));
    if (spacings.length < spacingsMax) spacings.push(us);
  }

  /** µs; 0 where a series has fewer than two points. */
  of(series: number): number {
    const sorted = [...(this.#spacings.get(series) ?? [])].sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }
}
