/**
 * Columnar batches: what travels between threads. A batch lives in a slot, a SharedArrayBuffer that
 * source, detector shards and writer all read in place, so a hop costs a message of a few numbers
 * whatever the batch holds. The source reuses a slot only after everyone has let go of it, which
 * bounds the memory of a run by `limits.batchSlots`.
 *
 * Layout of a slot (little-endian, each column `batchRecordsMax` long):
 *   t f64 · value f64 · subject u32 · bodyLength u32 · attributesLength u32 ·
 *   kind u8 · severity u8 · traceLength u8 · spanLength u8 · parentLength u8 · text bytes
 * The text of a record is body + trace + span + parent + attributes, UTF-8. Lengths count UTF-16
 * units: a reader decodes the whole text once and cuts it up with `slice`.
 */
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import type { TemplateStep } from '../templates/index.ts';

/** Codes of the `kind` column. */
export const Kind = { log: 0, metric: 1, span: 2, change: 3 } as const;

/** Codes of the `severity` column for a span. */
export const spanStatuses = ['unset', 'ok', 'error'] as const;

export interface Columns {
  /** Scenario time, µs. */
  readonly t: Float64Array;
  /** Metric: the value. Span: the duration in µs. Log: the id of its template, or 0. Change: 0. */
  readonly value: Float64Array;
  /** Metric: index of the series. Else: index of the service. */
  readonly subject: Uint32Array;
  readonly bodyLength: Uint32Array;
  readonly attributesLength: Uint32Array;
  readonly kind: Uint8Array;
  /** Log: 1–24. Span: index into `spanStatuses`. Change: index into `changeKinds`. Metric: 0. */
  readonly severity: Uint8Array;
  readonly traceLength: Uint8Array;
  readonly spanLength: Uint8Array;
  readonly parentLength: Uint8Array;
  readonly text: Buffer;
}

export type Slot = SharedArrayBuffer;

const N = limits.batchRecordsMax;
/** [name, bytes per record], in layout order: widest first keeps every column aligned. */
const layout = [
  ['t', 8],
  ['value', 8],
  ['subject', 4],
  ['bodyLength', 4],
  ['attributesLength', 4],
  ['kind', 1],
  ['severity', 1],
  ['traceLength', 1],
  ['spanLength', 1],
  ['parentLength', 1],
] as const;
const recordBytes = layout.reduce((sum, [, bytes]) => sum + bytes, 0);
const slotBytes = N * recordBytes + limits.batchTextBytesMax;

export function makeSlot(): Slot {
  return new SharedArrayBuffer(slotBytes);
}

/** The columns of a slot, in place. */
export function columnsOf(slot: Slot): Columns {
  return {
    t: new Float64Array(slot, 0, N),
    value: new Float64Array(slot, 8 * N, N),
    subject: new Uint32Array(slot, 16 * N, N),
    bodyLength: new Uint32Array(slot, 20 * N, N),
    attributesLength: new Uint32Array(slot, 24 * N, N),
    kind: new Uint8Array(slot, 28 * N, N),
    severity: new Uint8Array(slot, 29 * N, N),
    traceLength: new Uint8Array(slot, 30 * N, N),
    spanLength: new Uint8Array(slot, 31 * N, N),
    parentLength: new Uint8Array(slot, 32 * N, N),
    text: Buffer.from(slot, recordBytes * N, limits.batchTextBytesMax),
  };
}

/** The strings of one record; all may be ''. */
export interface RecordText {
  /** Log: the line. Span: its name. Change: the note. */
  readonly body: string;
  /** At most 255 UTF-16 units each. */
  readonly trace: string;
  readonly span: string;
  readonly parent: string;
  /** A JSON object, or ''. */
  readonly attributes: string;
}

export const noText: RecordText = { body: '', trace: '', span: '', parent: '', attributes: '' };

/** Fills one slot. Records must come in the order of the batch. */
export class BatchWriter {
  readonly columns: Columns;
  count = 0;
  textBytes = 0;
  /** What its logs teach about their templates. */
  templates: TemplateStep[] = [];

  constructor(slot: Slot) {
    this.columns = columnsOf(slot);
  }

  reset(): void {
    this.count = 0;
    this.textBytes = 0;
    this.templates = [];
  }

  log(t: Micros, service: number, severity: number, text: RecordText): boolean {
    return this.#append(Kind.log, t, service, severity, 0, text);
  }

  metric(t: Micros, series: number, value: number): boolean {
    return this.#append(Kind.metric, t, series, 0, value, noText);
  }

  span(t: Micros, service: number, status: number, durationUs: Micros, text: RecordText): boolean {
    return this.#append(Kind.span, t, service, status, durationUs, text);
  }

  change(t: Micros, service: number, changeKind: number, text: RecordText): boolean {
    return this.#append(Kind.change, t, service, changeKind, 0, text);
  }

  /** Returns false, and takes nothing, when the record does not fit: flush and try again. */
  #append(
    kind: number,
    t: Micros,
    subject: number,
    severity: number,
    value: number,
    text: RecordText,
  ): boolean {
    const i = this.count;
    if (i >= N) return false;
    const c = this.columns;
    if (text !== noText) {
      const all = text.body + text.trace + text.span + text.parent + text.attributes;
      const room = limits.batchTextBytesMax - this.textBytes;
      // 3 bytes bound one UTF-16 unit; measure exactly only near the end of the slot.
      if (all.length * 3 > room && Buffer.byteLength(all) > room) return false;
      this.textBytes += c.text.write(all, this.textBytes, 'utf8');
    }
    c.t[i] = t;
    c.value[i] = value;
    c.subject[i] = subject;
    c.kind[i] = kind;
    c.severity[i] = severity;
    c.bodyLength[i] = text.body.length;
    c.attributesLength[i] = text.attributes.length;
    c.traceLength[i] = text.trace.length;
    c.spanLength[i] = text.span.length;
    c.parentLength[i] = text.parent.length;
    this.count = i + 1;
    return true;
  }
}

/** What is said about a filled slot when it changes hands. */
export interface BatchMessage {
  /** Index of the slot in the run's ring. */
  readonly slot: number;
  /** Number of the batch in the run, from 0. */
  readonly sequence: number;
  readonly count: number;
  readonly textBytes: number;
  /** What its logs teach about their templates, in their order. */
  readonly templates: readonly TemplateStep[];
  /** Exclusive watermark, µs. */
  readonly through: Micros;
}

/** Reads one batch: columns in place, text decoded once and only when asked for. */
export class BatchReader {
  readonly columns: Columns;
  count = 0;
  #textBytes = 0;
  #text: string | null = null;
  readonly #offset = new Uint32Array(N + 1);

  constructor(slot: Slot) {
    this.columns = columnsOf(slot);
  }

  /** Points the reader at what the slot holds now. */
  open(message: Pick<BatchMessage, 'count' | 'textBytes'>): void {
    this.count = message.count;
    this.#textBytes = message.textBytes;
    this.#text = null;
  }

  /** Index of the first record with `t >= time`, in [from, count]. */
  indexAt(time: Micros, from = 0): number {
    const t = this.columns.t;
    let low = from;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((t[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  body(i: number): string {
    const text = this.#decoded();
    const start = this.#offset[i] as number;
    return text.slice(start, start + (this.columns.bodyLength[i] as number));
  }

  trace(i: number): string {
    const text = this.#decoded();
    const start = (this.#offset[i] as number) + (this.columns.bodyLength[i] as number);
    return text.slice(start, start + (this.columns.traceLength[i] as number));
  }

  span(i: number): string {
    const c = this.columns;
    const text = this.#decoded();
    const start =
      (this.#offset[i] as number) + (c.bodyLength[i] as number) + (c.traceLength[i] as number);
    return text.slice(start, start + (c.spanLength[i] as number));
  }

  parent(i: number): string {
    const text = this.#decoded();
    const end = (this.#offset[i + 1] as number) - (this.columns.attributesLength[i] as number);
    return text.slice(end - (this.columns.parentLength[i] as number), end);
  }

  /** A JSON object, or ''. */
  attributes(i: number): string {
    const text = this.#decoded();
    const end = this.#offset[i + 1] as number;
    return text.slice(end - (this.columns.attributesLength[i] as number), end);
  }

  #decoded(): string {
    if (this.#text !== null) return this.#text;
    const c = this.columns;
    let end = 0;
    for (let i = 0; i < this.count; i++) {
      this.#offset[i] = end;
      end +=
        (c.bodyLength[i] as number) +
        (c.traceLength[i] as number) +
        (c.spanLength[i] as number) +
        (c.parentLength[i] as number) +
        (c.attributesLength[i] as number);
    }
    this.#offset[this.count] = end;
    // One byte a unit means ASCII, and latin1 is the faster door to it.
    const encoding = end === this.#textBytes ? 'latin1' : 'utf8';
    this.#text = c.text.toString(encoding, 0, this.#textBytes);
    return this.#text;
  }
}

/** The filled part of a batch as one block of bytes, for the cache of recordings. */
export function packBatch(batch: BatchWriter): Buffer {
  return Buffer.concat([...filledColumns(batch.columns, batch.count, batch.textBytes)]);
}

/** Puts a packed block back into a slot. */
export function unpackBatch(packed: Uint8Array, count: number, batch: BatchWriter): void {
  let at = 0;
  for (const [name, bytes] of layout) {
    const column = batch.columns[name];
    const length = count * bytes;
    new Uint8Array(column.buffer, column.byteOffset, length).set(packed.subarray(at, at + length));
    at += length;
  }
  batch.columns.text.set(packed.subarray(at), 0);
  batch.count = count;
  batch.textBytes = packed.length - at;
}

/** The bytes of a batch in layout order: what the digest covers and the cache stores. */
export function* filledColumns(
  columns: Columns,
  count: number,
  textBytes: number,
): Generator<Uint8Array> {
  for (const [name, bytes] of layout) {
    const column = columns[name];
    yield new Uint8Array(column.buffer, column.byteOffset, count * bytes);
  }
  yield columns.text.subarray(0, textBytes);
}
