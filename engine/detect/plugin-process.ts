/**
 * A process for code that is not ours, with nothing of ours in its environment and Node's permission
 * flags. A process and not a thread: a greedy array in a thread takes the whole process with it,
 * whatever the thread's limits say, and only a process can be kept from files and processes.
 *
 * Its descriptors: 1 and 2 are what it prints, cut into lines; 3 is the channel, messages behind their
 * length; 4 is the mark of what it is doing.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { Duplex, type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { ExitCode } from '../errors.ts';
import { limits } from '../limits.ts';
import { threadModule } from '../replay/thread.ts';
import { cpuMsOf } from './cpu-time.ts';
import { FrameCutter, frameOf } from './frames.ts';
import { HookMark, type Doing } from './hook-mark.ts';
import { lineBudget, LineCutter } from './line-cutter.ts';
import { parseMessage } from './plugin-message.ts';
import type { PluginMessage, PluginRequest } from './protocol.ts';
import { residentMbOf } from './resident-memory.ts';
import { seatBelt } from './seat-belt.ts';

export interface PluginListener {
  /** `bytes`: what it took on the way. */
  message(message: PluginMessage, bytes: number): void;
  /** Once, and the last that is heard of it. */
  ended(reason: string): void;
  /** A line that the plugin printed, whatever is in it. */
  printed(line: string): void;
}

/** How often memory is looked at, ms: a process can take some hundred megabytes in between. */
const lookEveryMs = 50;
/** How long after its channel a process may end by itself and so say why, ms. */
const goneMs = 500;

export class PluginProcess {
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  readonly #listener: PluginListener;
  readonly #mark = new HookMark();
  readonly #looking: NodeJS.Timeout;
  #ended = false;

  /** @param file the module of the detector */
  constructor(file: string, listener: PluginListener) {
    this.#listener = listener;
    const module = fileURLToPath(threadModule(import.meta.url, './isolated.ts'));
    this.#child = spawn(process.execPath, [...seatBelt(file), module], {
      env: { JITI_FS_CACHE: 'false' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', this.#mark.descriptor],
    });
    this.#child.once('error', (error) => this.#end(error.message));
    this.#child.once('exit', (code, signal) =>
      this.#end(signal === null ? `exited with code ${code}` : `ended by ${signal}`),
    );
    this.#channel = channelOf(this.#child);
    this.#listen();
    this.#hearPrinted();
    this.#looking = setInterval(() => this.#lookAtMemory(), lookEveryMs);
    this.#looking.unref();
  }

  send(request: PluginRequest): void {
    if (!this.#ended) this.#channel.write(frameOf(serialize(request)));
  }

  /** Processor time that it has used, ms; null where the system does not tell. */
  cpuMs(): number | null {
    return cpuMsOf(this.#child.pid);
  }

  /** What it is doing, or was when it ended; null where no hook was called. */
  doing(): Doing | null {
    return this.#mark.read();
  }

  /** Ends it for a reason of ours. */
  kill(reason: string): void {
    this.#end(reason);
    this.#child.kill('SIGKILL');
  }

  /** Resolves when it is gone. */
  async close(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#looking);
    const isGone = this.#child.exitCode !== null || this.#child.signalCode !== null;
    if (!isGone && this.#child.pid !== undefined) {
      await new Promise<void>((resolve) => {
        this.#child.once('exit', () => resolve());
        this.#child.kill('SIGKILL');
      });
    }
    this.#channel.destroy();
    this.#mark.close();
  }

  #listen(): void {
    const cutter = new FrameCutter(limits.pluginMessageBytesMax, {
      payload: (payload) => this.#hear(payload),
      tooLong: (bytes) =>
        this.kill(
          `it sent a message of ${bytes} bytes; the limit is ${limits.pluginMessageBytesMax}`,
        ),
    });
    this.#channel.on('data', (chunk: Buffer) => cutter.add(chunk));
    // A write to a process that has just ended: its end says all that there is to say.
    this.#channel.on('error', () => undefined);
    this.#channel.once('close', () => {
      setTimeout(() => this.kill('it closed its channel to the workbench'), goneMs).unref();
    });
  }

  #hear(payload: Buffer): void {
    if (this.#ended) return;
    const message = parseMessage(payload.toString('utf8'));
    if (message === null) this.kill('it sent a message that is none');
    else this.#listener.message(message, payload.byteLength);
  }

  #hearPrinted(): void {
    const budget = lineBudget();
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      const cutter = new LineCutter(budget, (line) => this.#listener.printed(line));
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => cutter.add(text)).on('end', () => cutter.end());
      unblock(stream);
    }
  }

  #lookAtMemory(): void {
    const residentMb = residentMbOf(this.#child.pid) ?? 0;
    if (residentMb > limits.detectorResidentMbMax) {
      this.kill(`it used more than ${limits.detectorResidentMbMax} MB of memory`);
    }
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#looking);
    this.#listener.ended(endReason(reason));
  }
}

function channelOf(child: ChildProcess): Duplex {
  const channel = child.stdio[3];
  // Without a process, for want of memory or descriptors, there are no pipes; the error says so.
  return channel instanceof Duplex
    ? channel
    : new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
}

/** A pipe to a plugin must not keep our process alive. */
function unblock(stream: Readable | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}

/** Node's words for an end, in ours. */
export function endReason(reason: string): string {
  const code = /exited with code:? ?(\d+)/.exec(reason)?.[1];
  if (code === String(ExitCode.timeout)) {
    return `its hooks took more than ${limits.detectorTaskMsMax} ms for one batch`;
  }
  if (/out of memory|memory limit|SIGABRT|code:? 134/i.test(reason)) {
    return `it used more than ${limits.detectorHeapMbMax} MB of heap, or aborted`;
  }
  const signal = /^ended by (SIG[A-Z0-9]+)$/.exec(reason)?.[1];
  if (signal !== undefined) return `its process was ended by ${signal}`;
  return code === undefined ? reason : `it ended its process with code ${code}`;
}
