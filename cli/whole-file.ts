/** A file that is either whole or not there: written beside its place, renamed onto it at the end. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** At once; throws what the file system says. */
export function writeWhole(file: string, text: string, mode = 0o666): void {
  const whole = new WholeFile(file, mode);
  try {
    whole.write(text);
    whole.finish();
  } finally {
    whole.abandon();
  }
}

export class WholeFile {
  readonly #file: string;
  /** A name that nobody has: `wx` would refuse one that is taken. */
  readonly #partial: string;
  /** Null once it is closed: the number may be another file's by then. */
  #descriptor: number | null;

  /** Throws what the file system says, as `write` and `finish` do. */
  constructor(file: string, mode = 0o666) {
    this.#file = file;
    this.#partial = `${file}.${randomBytes(6).toString('hex')}.partial`;
    this.#descriptor = openSync(this.#partial, 'wx', mode);
  }

  write(text: string): void {
    if (this.#descriptor === null) throw new Error('the file is closed');
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at);
  }

  finish(): void {
    this.#close();
    renameSync(this.#partial, this.#file);
  }

  /** Leaves nothing behind, whatever failed; what `finish` has put in its place stays. */
  abandon(): void {
    this.#close();
    rmSync(this.#partial, { force: true });
  }

  #close(): void {
    if (this.#descriptor === null) return;
    const descriptor = this.#descriptor;
    this.#descriptor = null;
    closeSync(descriptor);
  }
}
