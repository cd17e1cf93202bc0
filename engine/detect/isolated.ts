/**
 * What runs in a `PluginProcess`: one person's detector, described, tested or fed. Whatever happens to
 * the workbench, the process ends: it hears that the channel is closed, and a hook that never returns is
 * stopped by the engine's own clock, for nobody may be left to do it.
 */
import { Console } from 'node:console';
import { Socket } from 'node:net';
import { deserialize } from 'node:v8';
import { Script } from 'node:vm';
import { ExitCode, reasonOf } from '../errors.ts';
import { limits } from '../limits.ts';
import { describeHere } from './describe.ts';
import { FrameCutter, frameOf } from './frames.ts';
import { HookMarker } from './hook-mark.ts';
import type { PluginMessage, PluginRequest, ShardOutput, ShardTask } from './protocol.ts';
import { ShardHost } from './shard-host.ts';
import { testHere } from './testing/here.ts';

/** Descriptors that `PluginProcess` opens. */
const descriptor = { channel: 3, mark: 4 } as const;
/** Calls between two marks of a run: each costs microseconds, and a hook takes less. */
const markEveryCalls = 32;

globalThis.console = new Console(process.stderr, process.stderr);
// Kept before the guard hides `process` from hooks.
const ours = process;
const taskKey = Symbol.for('incident-workbench.task');
const taskScript = new Script("globalThis[Symbol.for('incident-workbench.task')]()");
const channel = new Socket({ fd: descriptor.channel, readable: true, writable: true });
const runMarker = new HookMarker(descriptor.mark, markEveryCalls);
// A test is small, and its author wants to know the very record.
const testMarker = new HookMarker(descriptor.mark, 1);
const shard = new ShardHost({ run: bounded, beat: (hook, t) => runMarker.mark(hook, t) });

// Ctrl+C reaches the whole group of processes; the workbench decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) ours.on(signal, () => undefined);
channel.once('close', () => ours.exit());
channel.on('error', () => ours.exit());
const requests = new FrameCutter(Infinity, {
  payload: (payload) => {
    // Ours: nobody else holds the other end.
    const request: PluginRequest = deserialize(payload);
    void answer(request);
  },
  tooLong: () => undefined,
});
channel.on('data', (chunk: Buffer) => requests.add(chunk));

async function answer(request: PluginRequest): Promise<void> {
  switch (request.type) {
    case 'describe':
      return tell({
        type: 'description',
        description: await describeHere(request.module, bounded),
      });
    case 'test':
      for await (const message of testHere(request, {
        run: bounded,
        beat: (hook, t) => testMarker.mark(hook, t),
      })) {
        tell(message);
      }
      return;
    default:
      return answerTask(request);
  }
}

async function answerTask(task: ShardTask): Promise<void> {
  runMarker.begin();
  let output: ShardOutput;
  try {
    output = await shard.answer(task);
  } catch (thrown) {
    return tell({ type: 'refused', reason: reasonOf(thrown) });
  }
  const parts = partsOf(output);
  for (const [i, part] of parts.entries()) {
    tell({ type: 'output', output: part, last: i === parts.length - 1 });
  }
}

function tell(message: PluginMessage): void {
  channel.write(frameOf(Buffer.from(JSON.stringify(message))));
}

/** An output in parts that each make a message of no more than the allowed length. */
function partsOf(output: ShardOutput): ShardOutput[] {
  const { findings, scores } = output;
  const isWhole = findings.length <= 1 && scores.length <= 1;
  const bytesMax = (JSON.stringify(output).length + envelopeUnits) * worstBytes;
  if (isWhole || bytesMax < limits.pluginMessageBytesMax) return [output];
  const [f, s] = [Math.ceil(findings.length / 2), Math.ceil(scores.length / 2)];
  const first = { ...output, findings: findings.slice(0, f), scores: scores.slice(0, s) };
  const rest = { findings: findings.slice(f), scores: scores.slice(s) };
  return [...partsOf(first), ...partsOf({ ...rest, failures: [], rejected: [], fed: [] })];
}

/** Bytes that one UTF-16 unit may take, and units of what a message is beside its output. */
const worstBytes = 3;
const envelopeUnits = 100;

/** Runs plugin code under V8's own clock; a process that was stopped by it is of no more use. */
function bounded<T>(work: () => T): T {
  Reflect.set(globalThis, taskKey, work);
  try {
    const value: T = taskScript.runInThisContext({ timeout: limits.detectorTaskMsMax });
    return value;
  } catch (thrown) {
    if (isTimeout(thrown)) ours.exit(ExitCode.timeout);
    throw thrown;
  }
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && Reflect.get(thrown, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
