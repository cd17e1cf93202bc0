/** The thread of a shard of bundled detectors; piscina calls it with one task after the other. */
import { Console } from 'node:console';
import { reasonOf } from '../errors.ts';
import type { ShardReply, ShardTask } from './protocol.ts';
import { ShardHost } from './shard-host.ts';

// Standard output belongs to the command; what a detector prints is talk.
globalThis.console = new Console(process.stderr, process.stderr);
const shard = new ShardHost();

export default async function answer(task: ShardTask): Promise<ShardReply> {
  try {
    return { ok: true, output: await shard.answer(task) };
  } catch (thrown) {
    return { ok: false, reason: reasonOf(thrown) };
  }
}
