/** The thread that owns the run file: creates it, writes ranges in the order they come, seals it. */
import { parentPort, workerData } from 'node:worker_threads';
import { serialiseError, type WireError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Slot } from '../replay/batch.ts';
import { storageError, type Connection } from './database.ts';
import { createRunFile, type RunDescription } from './run-file.ts';
import { RunWriter, type RangeToWrite, type RunEnd } from './writer.ts';
import { sealRunFile } from './seal.ts';

export interface WriterThreadData {
  readonly file: string;
  readonly run: RunDescription;
  readonly slots: readonly Slot[];
}

export type WriterRequest =
  | { readonly type: 'range'; readonly range: RangeToWrite }
  | { readonly type: 'state'; readonly state: 'running' | 'paused' }
  | { readonly type: 'finish'; readonly end: RunEnd };

export type WriterReply =
  | { readonly type: 'ready' }
  /** The range that ends at `through` is committed. */
  | {
      readonly type: 'written';
      readonly slot: number;
      readonly last: boolean;
      readonly through: number;
    }
  | { readonly type: 'finished'; readonly digest: string }
  | { readonly type: 'error'; readonly error: WireError };

const port = parentPort;
if (port) {
  const { file, run, slots } = workerData as WriterThreadData;
  const reply = (message: WriterReply): void => port.postMessage(message);
  let failed = false;
  // After a failure nothing more is written: a later range that fitted would leave a hole.
  const guarded = (work: () => void): void => {
    if (failed) return;
    try {
      work();
    } catch (error) {
      failed = true;
      reply({ type: 'error', error: serialiseError(storageError(file, error)) });
    }
  };
  guarded(() => {
    const db = createRunFile(file, run);
    const writer = new RunWriter(db, {
      slots,
      detectors: run.detectors.map((d) => d.name),
      header: digestHeader(run),
      indexed: run.indexFirst,
      rowsPerCommit: run.indexFirst ? 0 : limits.rowsPerCommit,
    });
    port.on('message', (request: WriterRequest) =>
      guarded(() => serve(request, writer, db, reply)),
    );
    reply({ type: 'ready' });
  });
}

function serve(
  request: WriterRequest,
  writer: RunWriter,
  db: Connection,
  reply: (message: WriterReply) => void,
): void {
  switch (request.type) {
    case 'range': {
      const { slot, last, through } = request.range;
      writer.write(request.range);
      reply({ type: 'written', slot, last, through });
      return;
    }
    case 'state':
      writer.setState(request.state);
      return;
    case 'finish': {
      const digest = writer.finish(request.end);
      sealRunFile(db);
      db.close();
      reply({ type: 'finished', digest });
      return;
    }
    default:
      request satisfies never;
  }
}

/** What two runs must share to compare; names of detectors, not where their files lie. */
function digestHeader({ scenario, seed, header, detectors }: RunDescription): unknown {
  const chosen = detectors.map(({ name, config }) => ({ name, config }));
  return { scenario: scenario.hash, seed, header, detectors: chosen };
}
