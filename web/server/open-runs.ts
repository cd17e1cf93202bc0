/**
 * Run files that are open for questions. A run that is over stays open, because opening costs more
 * than most questions; the least recently used one is closed first. A run that is still being written
 * is closed after each question: its writer can seal the file only while nobody has it open.
 */
import { statSync } from 'node:fs';
import { WorkbenchError } from '../../engine/errors.ts';
import { limits } from '../../engine/limits.ts';
import {
  openRun,
  type KeptTotals,
  type OpenOptions,
  type RunReader,
} from '../../engine/query/index.ts';

interface OpenRun {
  readonly reader: RunReader;
  /** Device and inode: a file of the same name may be another file by now. */
  readonly identity: string;
}

export class OpenRuns {
  /** What was summed up of files that do not stay open. */
  readonly #totals = new Map<string, KeptTotals>();
  /** By file, the most recently used one last. */
  readonly #open = new Map<string, OpenRun>();
  readonly #options: OpenOptions;

  constructor(options: OpenOptions) {
    this.#options = options;
  }

  /** @throws WorkbenchError FILE_NOT_FOUND, and what `openRun` throws */
  use<A>(file: string, work: (reader: RunReader) => A): A {
    const kept = this.#kept(file);
    if (kept) return work(kept.reader);
    const identity = identityOf(file);
    const reader = openRun(file, { ...this.#options, kept: this.#totals.get(file) });
    let isOver = false;
    try {
      const { state } = reader.run();
      isOver = state !== 'running' && state !== 'paused';
      if (isOver) this.#keep(file, { reader, identity });
      return work(reader);
    } finally {
      if (!isOver) {
        const isFull = this.#totals.size >= limits.openRunsMax;
        if (isFull && !this.#totals.has(file)) this.#totals.clear();
        this.#totals.set(file, reader.kept);
        reader.close();
      }
    }
  }

  close(): void {
    for (const { reader } of this.#open.values()) reader.close();
    this.#open.clear();
  }

  #kept(file: string): OpenRun | null {
    const found = this.#open.get(file);
    if (!found) return null;
    this.#open.delete(file);
    if (found.identity !== identityOf(file, found.reader)) {
      found.reader.close();
      return null;
    }
    this.#open.set(file, found);
    return found;
  }

  #keep(file: string, run: OpenRun): void {
    this.#open.set(file, run);
    const [oldest] = this.#open;
    if (this.#open.size <= limits.openRunsMax || !oldest) return;
    this.#open.delete(oldest[0]);
    oldest[1].reader.close();
  }
}

/** Closes `reader` where the file is gone, so that nothing holds on to a deleted file. */
function identityOf(file: string, reader?: RunReader): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat) return `${stat.dev}:${stat.ino}`;
  reader?.close();
  throw new WorkbenchError('FILE_NOT_FOUND', { file });
}
