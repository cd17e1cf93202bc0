/**
 * The digest of a run: SHA-256 over everything the engine saw and said. Records are hashed column
 * by column per source batch, each kind of engine event in its own running hash, so how a paced run
 * cut its ranges cannot show. It is read at the end of a source batch only: there, all events before
 * the watermark have been hashed, at any speed and any number of workers. Covers no wall-clock time.
 */
import { createHash, type Hash } from 'node:crypto';
import { filledColumns, type Columns } from '../replay/batch.ts';

export const eventStreams = ['finding', 'score', 'incident', 'health', 'window'] as const;
export type EventStream = (typeof eventStreams)[number];

export class RunDigest {
  readonly #records: Hash = createHash('sha256');
  readonly #events = new Map<EventStream, Hash>(
    eventStreams.map((stream) => [stream, createHash('sha256')]),
  );

  /** @param header what the run starts from: scenario hash, seed, source header; any plain data */
  constructor(header: unknown) {
    this.#records.update(canonical(header));
  }

  batch(columns: Columns, count: number, textBytes: number): void {
    const size = Buffer.alloc(8);
    size.writeUInt32LE(count, 0);
    size.writeUInt32LE(textBytes, 4);
    this.#records.update(size);
    for (const column of filledColumns(columns, count, textBytes)) this.#records.update(column);
  }

  event(stream: EventStream, event: unknown): void {
    this.#events.get(stream)?.update(canonical(event));
  }

  /** Hex digest of everything so far; the running hashes go on. */
  read(): string {
    const all = createHash('sha256').update(this.#records.copy().digest());
    for (const stream of eventStreams) {
      const hash = this.#events.get(stream);
      if (hash) all.update(stream).update(hash.copy().digest());
    }
    return all.digest('hex');
  }
}

/**
 * One byte string for one value: a type byte, lengths before contents, object keys in code-unit
 * order, numbers as big-endian IEEE-754 doubles. `undefined` members are left out, -0 is 0.
 */
export function canonical(value: unknown): Buffer {
  const parts: Buffer[] = [];
  encode(value, parts);
  return Buffer.concat(parts);
}

function encode(value: unknown, parts: Buffer[]): void {
  switch (typeof value) {
    case 'string': {
      const bytes = Buffer.from(value, 'utf8');
      parts.push(tagged('s', bytes.length), bytes);
      return;
    }
    case 'number': {
      const bytes = Buffer.alloc(9);
      bytes.write('n', 'latin1');
      bytes.writeDoubleBE(value === 0 ? 0 : value, 1);
      parts.push(bytes);
      return;
    }
    case 'boolean':
      parts.push(Buffer.from(value ? 't' : 'f'));
      return;
    case 'object':
      if (value === null) parts.push(Buffer.from('0'));
      else if (Array.isArray(value)) {
        parts.push(tagged('a', value.length));
        for (const item of value) encode(item, parts);
      } else encodeObject(value as Readonly<Record<string, unknown>>, parts);
      return;
    default:
      throw new TypeError(`a ${typeof value} has no canonical encoding`);
  }
}

function encodeObject(value: Readonly<Record<string, unknown>>, parts: Buffer[]): void {
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  parts.push(tagged('o', keys.length));
  for (const key of keys) {
    encode(key, parts);
    encode(value[key], parts);
  }
}

function tagged(tag: string, length: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write(tag, 'latin1');
  bytes.writeUInt32BE(length, 1);
  return bytes;
}
