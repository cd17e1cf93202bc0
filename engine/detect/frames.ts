/**
 * Messages between us and a person's process, each behind its length in four bytes. Not Node's own
 * channel: that takes a message of any size into our memory before anybody can refuse it.
 */

const lengthBytes = 4;

export function frameOf(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(lengthBytes + payload.byteLength);
  frame.writeUInt32LE(payload.byteLength);
  frame.set(payload, lengthBytes);
  return frame;
}

export interface FrameReceiver {
  payload(payload: Buffer): void;
  /** A frame says that it is longer than it may be; nothing after it is read. */
  tooLong(bytes: number): void;
}

/** Cuts a stream of bytes into payloads. */
export class FrameCutter {
  readonly #bytesMax: number;
  readonly #receiver: FrameReceiver;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Bytes of the payload under way; null while its length is. */
  #length: number | null = null;
  #refused = false;

  constructor(bytesMax: number, receiver: FrameReceiver) {
    this.#bytesMax = bytesMax;
    this.#receiver = receiver;
  }

  add(chunk: Buffer): void {
    if (this.#refused) return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.byteLength;
    for (let part = this.#next(); part !== null; part = this.#next()) {
      if (this.#length !== null) {
        this.#length = null;
        this.#receiver.payload(part);
      } else {
        this.#length = part.readUInt32LE();
        if (this.#length > this.#bytesMax) return this.#refuse(this.#length);
      }
    }
  }

  /** The next whole part, a length or a payload; null where it has not come. */
  #next(): Buffer | null {
    const bytes = this.#length ?? lengthBytes;
    if (this.#waitingBytes < bytes) return null;
    const [first] = this.#waiting;
    const all =
      this.#waiting.length === 1 && first !== undefined ? first : Buffer.concat(this.#waiting);
    this.#waiting = [all.subarray(bytes)];
    this.#waitingBytes -= bytes;
    return all.subarray(0, bytes);
  }

  #refuse(bytes: number): void {
    this.#refused = true;
    this.#waiting = [];
    this.#receiver.tooLong(bytes);
  }
}
