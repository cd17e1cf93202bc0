/**
 * What runs in a `PluginProcess`: one person's detector, described or fed. Whatever happens to the
 * workbench, the process ends: it hears that the channel is closed, and a hook that never returns is
 * stopped by the engine's own clock, for nobody may be left to do it.
 */
import { Console } from 'node:console';
import { Script } from 'node:vm';
import { ExitCode, reasonOf } from '../errors.ts';
import { limits } from '../limits.ts';
import { describeHere } from './describe.ts';
import type { PluginMessage, PluginRequest, ShardTask } from './protocol.ts';
import { ShardHost } from './shard-host.ts';

globalThis.console = new Console(process.stderr, process.stderr);
// Kept before the guard hides `process` from hooks.
const channel = process;
const tell = (message: PluginMessage): void => void channel.send?.(message);
const beatMs = limits.detectorHookMsMax / 10;
const taskKey = Symbol.for('incident-workbench.task');
const taskScript = new Script("globalThis[Symbol.for('incident-workbench.task')]()");
const shard = new ShardHost({ run: bounded, beat: heartbeat() });

// Ctrl+C reaches the whole group of processes; the workbench decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) channel.on(signal, () => undefined);
channel.once('disconnect', () => channel.exit());
channel.on('message', (request: PluginRequest) => {
  if (request.type !== 'describe') return void answer(request);
  void describeHere(request.module, bounded).then((description) =>
    tell({ type: 'description', description }),
  );
});

async function answer(task: ShardTask): Promise<void> {
  try {
    tell({ type: 'answer', reply: { ok: true, output: await shard.answer(task) } });
  } catch (thrown) {
    tell({ type: 'answer', reply: { ok: false, reason: reasonOf(thrown) } });
  }
}

/** Runs plugin code under V8's own clock; a process that was stopped by it is of no more use. */
function bounded<T>(work: () => T): T {
  Reflect.set(globalThis, taskKey, work);
  try {
    const value: T = taskScript.runInThisContext({ timeout: limits.detectorTaskMsMax });
    return value;
  } catch (thrown) {
    if (isTimeout(thrown)) channel.exit(ExitCode.timeout);
    throw thrown;
  }
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && Reflect.get(thrown, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

/** Says now and then that hooks return. */
function heartbeat(): () => void {
  // The clock as it was before the guard.
  const now = performance.now.bind(performance);
  let toldAt = 0;
  return () => {
    const at = now();
    if (at - toldAt < beatMs) return;
    toldAt = at;
    tell({ type: 'progress' });
  };
}
