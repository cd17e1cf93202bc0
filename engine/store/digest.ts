/**
 * The digest of a run: SHA-256 over everything the engine saw and said. Records are hashed column
 * by column per source batch, each kind of engine event in its own running hash, so how a paced run
 * cut its ranges cannot show. It is read at the end of a source batch only: there, all events before
 * the watermark have been hashed, at any speed and any number of workers. Covers no wall-clock time.
 */
import { createHash, type Hash } from 'node:crypto';
import { filledColumns, type Columns } from '../replay/batch.ts';
import type { ActionInput } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';

export const eventStreams = ['finding', 'score', 'incident', 'health', 'window'] as const;
/** What the engine says and learns, and what people do to its world. */
export type EventStream = (typeof eventStreams)[number] | 'template' | 'input';

interface StreamHash {
  readonly hash: Hash;
  readonly pending: CanonicalBytes;
}

export class RunDigest {
  readonly #records: Hash = createHash('sha256');
  /** Inputs and templates come in with the first one: a run without any has the digest of one that could have none. */
  readonly #events = new Map<EventStream, StreamHash>(
    eventStreams.map((stream) => [stream, newStream()]),
  );

  /** Those that no batch has come to yet. */
  readonly #inputs: ActionInput[];

  /**
   * @param header what the run starts from: scenario hash, seed, source header; any plain data
   * @param inputs what people do to the simulated world, in the order of time
   */
  constructor(header: unknown, inputs: readonly ActionInput[] = []) {
    this.#records.update(canonical(header));
    this.#inputs = [...inputs];
  }

  batch(columns: Columns, count: number, textBytes: number): void {
    const size = Buffer.alloc(8);
    size.writeUInt32LE(count, 0);
    size.writeUInt32LE(textBytes, 4);
    this.#records.update(size);
    for (const column of filledColumns(columns, count, textBytes)) this.#records.update(column);
  }

  /**
   * Takes in the inputs before a watermark: at ends of batches only, like the records, and not before
   * they count, so that two forks have the same digests as long as their past is the same.
   */
  inputsBefore(through: Micros): void {
    for (let next = this.#inputs[0]; next && next.at < through; next = this.#inputs[0]) {
      const { at, action } = next;
      this.event('input', { at, action });
      this.#inputs.shift();
    }
  }

  event(stream: EventStream, event: unknown): void {
    const entry = this.#events.get(stream) ?? newStream();
    this.#events.set(stream, entry);
    entry.pending.add(event);
    if (entry.pending.length >= hashedAtOnce) entry.hash.update(entry.pending.take());
  }

  /** Hex digest of everything so far; the running hashes go on. */
  read(): string {
    const all = createHash('sha256').update(this.#records.copy().digest());
    for (const [stream, { hash, pending }] of this.#events) {
      hash.update(pending.take());
      all.update(stream).update(hash.copy().digest());
    }
    return all.digest('hex');
  }
}

function newStream(): StreamHash {
  return { hash: createHash('sha256'), pending: new CanonicalBytes() };
}

/** Bytes of events that one call of the hash takes: a call costs more than a small event. */
const hashedAtOnce = 16 * 1024;

/**
 * One byte string for one value: a type byte, lengths before contents, object keys in code-unit
 * order, numbers as big-endian IEEE-754 doubles. `undefined` members are left out, -0 is 0.
 */
export function canonical(value: unknown): Buffer {
  const bytes = new CanonicalBytes();
  bytes.add(value);
  return Buffer.from(bytes.take());
}

const tag = {
  string: 0x73,
  number: 0x6e,
  true: 0x74,
  false: 0x66,
  null: 0x30,
  array: 0x61,
  object: 0x6f,
};

/** Canonical encodings one after the other, in one buffer that grows: events come by the ten thousand. */
class CanonicalBytes {
  length = 0;
  #buffer = Buffer.allocUnsafe(1024);

  /** The bytes so far, valid until the next `add`. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  /** @throws TypeError for what is no plain data */
  add(value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.#string(value);
      case 'number':
        this.#reserve(9);
        this.#buffer[this.length] = tag.number;
        this.#buffer.writeDoubleBE(value === 0 ? 0 : value, this.length + 1);
        this.length += 9;
        return;
      case 'boolean':
        return this.#byte(value ? tag.true : tag.false);
      case 'object':
        if (value === null) return this.#byte(tag.null);
        if (!Array.isArray(value)) return this.#object(value as Readonly<Record<string, unknown>>);
        this.#head(tag.array, value.length);
        for (const item of value) this.add(item);
        return;
      default:
        throw new TypeError(`a ${typeof value} has no canonical encoding`);
    }
  }

  #object(value: Readonly<Record<string, unknown>>): void {
    const keys = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort();
    this.#head(tag.object, keys.length);
    for (const key of keys) {
      this.#string(key);
      this.add(value[key]);
    }
  }

  #string(value: string): void {
    const at = this.length;
    this.#reserve(5 + value.length * 3);
    const bytes = this.#buffer.write(value, at + 5, 'utf8');
    this.#head(tag.string, bytes);
    this.length += bytes;
  }

  #head(type: number, length: number): void {
    this.#reserve(5);
    this.#buffer[this.length] = type;
    this.#buffer.writeUInt32BE(length, this.length + 1);
    this.length += 5;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.length++] = byte;
  }

  #reserve(bytes: number): void {
    if (this.length + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, this.length + bytes));
    this.#buffer.copy(grown, 0, 0, this.length);
    this.#buffer = grown;
  }
}
