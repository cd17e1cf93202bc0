/**
 * The thread that makes records: it fills the slots it is given credit for, in order, and says so.
 * Messages in: a slot's number, free again. Messages out: `SourceMessage`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { serialiseError, type WireError } from '../errors.ts';
import type { Micros } from '../sdk/index.ts';
import type { WorldCheckpoint } from '../store/model.ts';
import { createLearner } from '../templates/index.ts';
import type { BatchMessage, Slot } from './batch.ts';
import { MiningWriter } from './mining-writer.ts';
import { openSource, type SourcePlan } from './source-plan.ts';
import type { Source, SourceHeader } from './source.ts';

export interface SourceThreadData {
  readonly plan: SourcePlan;
  readonly slots: readonly Slot[];
}

export type SourceMessage =
  | { readonly type: 'header'; readonly header: SourceHeader }
  | ({ readonly type: 'batch' } & BatchMessage)
  | { readonly type: 'checkpoint'; readonly checkpoint: WorldCheckpoint }
  | { readonly type: 'end'; readonly through: Micros }
  | { readonly type: 'error'; readonly error: WireError };

const port = parentPort;
if (port) {
  const { plan, slots } = workerData as SourceThreadData;
  const post = (message: SourceMessage): void => port.postMessage(message);
  try {
    const source = openSource(plan);
    const fill = makeFiller(source, slots, post);
    post({ type: 'header', header: source.header });
    port.on('message', (slot: number) => {
      try {
        fill(slot);
      } catch (error) {
        post({ type: 'error', error: serialiseError(error) });
        port.close();
      }
    });
  } catch (error) {
    post({ type: 'error', error: serialiseError(error) });
    port.close();
  }
}

function makeFiller(
  source: Source,
  slots: readonly Slot[],
  post: (message: SourceMessage) => void,
): (slot: number) => void {
  const learner = createLearner();
  const writers = slots.map((slot) => new MiningWriter(slot, learner));
  let sequence = 0;
  let through: Micros = 0;
  let ended = false;
  return (slot) => {
    const writer = writers[slot];
    if (ended || !writer) return;
    writer.reset();
    const next = source.next(writer);
    if (next === null) {
      ended = true;
      source.close();
      post({ type: 'end', through: Math.max(through, source.header.durationUs) });
      return;
    }
    through = next.through;
    const checkpoint = source.takeCheckpoint?.() ?? null;
    if (checkpoint) post({ type: 'checkpoint', checkpoint });
    post({
      type: 'batch',
      slot,
      sequence: sequence++,
      count: writer.count,
      textBytes: writer.textBytes,
      templates: writer.templates,
      through,
    });
  };
}
