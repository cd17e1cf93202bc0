/** The thread that owns the run file: creates it, writes ranges in the order they come, seals it. */
import { parentPort, workerData } from 'node:worker_threads';
import { serialiseError, type WireError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Slot } from '../replay/batch.ts';
import { Checkpointer } from './checkpointer.ts';
import { stayingFile, storageError } from './database.ts';
import type { Commit, RangeToWrite, RunEnd, WorldCheckpoint } from './model.ts';
import { createRunFile, type RunDescription } from './run-file.ts';
import { RunWriter } from './writer.ts';
import { sealRunFile } from './seal.ts';

export interface WriterThreadData {
  readonly file: string;
  readonly run: RunDescription;
  readonly slots: readonly Slot[];
}

export type WriterRequest =
  | { readonly type: 'range'; readonly range: RangeToWrite }
  | { readonly type: 'checkpoint'; readonly checkpoint: WorldCheckpoint }
  | { readonly type: 'state'; readonly state: 'running' | 'paused' }
  | { readonly type: 'finish'; readonly end: RunEnd };

export type WriterReply =
  | { readonly type: 'ready' }
  /** A range is in the open transaction: nobody needs its slot any more if it was the batch's last. */
  | { readonly type: 'written'; readonly slot: number; readonly last: boolean }
  | ({ readonly type: 'committed' } & Commit)
  | { readonly type: 'finished'; readonly digest: string | null }
  | { readonly type: 'error'; readonly error: WireError };

const port = parentPort;
if (port) {
  const data = workerData as WriterThreadData;
  const reply = (message: WriterReply): void => port.postMessage(message);
  let failed = false;
  const fail = (error: unknown): void => {
    failed = true;
    reply({ type: 'error', error: serialiseError(storageError(data.file, error)) });
  };
  // After a failure nothing more is written: a later range that fitted would leave a hole.
  const guarded = (work: () => Promise<void> | void): void => {
    if (failed) return;
    try {
      work()?.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
  guarded(() => {
    const serve = openWriter(data, reply, guarded);
    port.on('message', (request: WriterRequest) => guarded(() => serve(request)));
    reply({ type: 'ready' });
  });
}

function openWriter(
  { file, run, slots }: WriterThreadData,
  reply: (message: WriterReply) => void,
  guarded: (work: () => void) => void,
): (request: WriterRequest) => Promise<void> | void {
  const db = createRunFile(file, run);
  const checkStillThere = stayingFile(file);
  const checkpointer = new Checkpointer(file);
  const writer = new RunWriter(db, {
    slots,
    detectors: run.detectors.map((d) => d.name),
    header: digestHeader(run),
    inputs: run.inputs,
    indexed: run.indexFirst,
    rowsPerCommit: limits.rowsPerCommit,
    onCommit: (commit) => {
      checkStillThere();
      reply({ type: 'committed', ...commit });
      checkpointer.committed(commit.rows);
    },
  });
  // Runs when the messages that wait are served: nothing is committed late where the writer has time,
  // and ranges share a commit where it has none.
  let commitDue = false;
  const commitWhenIdle = (): void => {
    if (commitDue) return;
    commitDue = true;
    setImmediate(() => {
      commitDue = false;
      guarded(() => writer.commit());
    });
  };
  let ended = false;
  const finish = async (end: RunEnd): Promise<void> => {
    ended = true;
    const digest = writer.finish(end);
    await checkpointer.close();
    sealRunFile(db);
    db.close();
    reply({ type: 'finished', digest });
  };
  return (request) => {
    if (ended) return;
    switch (request.type) {
      case 'range': {
        const { slot, last } = request.range;
        writer.write(request.range);
        reply({ type: 'written', slot, last });
        if (writer.pending) commitWhenIdle();
        return;
      }
      case 'checkpoint':
        return writer.checkpoint(request.checkpoint);
      case 'state':
        return writer.setState(request.state);
      case 'finish':
        return finish(request.end);
      default:
        request satisfies never;
    }
  };
}

/** What two runs must share to compare; names of detectors, not where their files lie. */
function digestHeader({ scenario, seed, header, detectors }: RunDescription): unknown {
  const chosen = detectors.map(({ name, config }) => ({ name, config }));
  return { scenario: scenario.hash, seed, header, detectors: chosen };
}
