/**
 * The process of one user's detector. A process and not a thread, because a greedy array in a thread
 * takes the whole process with it, whatever the thread's limits say.
 */
import { Console } from 'node:console';
import { reasonOf } from '../errors.ts';
import type { ShardTask } from './protocol.ts';
import { ShardHost } from './shard-host.ts';

globalThis.console = new Console(process.stderr, process.stderr);
const shard = new ShardHost();
// Kept before the guard hides `process` from hooks.
const channel = process;

channel.on('message', (task: ShardTask) => {
  shard.answer(task).then(
    (output) => channel.send?.({ ok: true, output }),
    (thrown: unknown) => channel.send?.({ ok: false, reason: reasonOf(thrown) }),
  );
});
channel.once('disconnect', () => channel.exit());
