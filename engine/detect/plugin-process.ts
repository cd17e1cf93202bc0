/**
 * A process for code that is not ours, with nothing of ours in its environment and Node's permission
 * flags. A process and not a thread: a greedy array in a thread takes the whole process with it,
 * whatever the thread's limits say, and only a process can be kept from files and processes.
 */
import { fork, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ExitCode } from '../errors.ts';
import { limits } from '../limits.ts';
import { threadModule } from '../replay/thread.ts';
import { cpuMsOf } from './cpu-time.ts';
import { lineBudget, LineCutter } from './line-cutter.ts';

export interface PluginListener {
  message(message: unknown): void;
  /** Once, and the last that is heard of it. */
  ended(reason: string): void;
  /** A line that the plugin printed, whatever is in it. */
  printed(line: string): void;
}

export class PluginProcess {
  readonly #child: ChildProcess;
  readonly #listener: PluginListener;
  #ended = false;

  constructor(listener: PluginListener) {
    this.#listener = listener;
    this.#child = fork(fileURLToPath(threadModule(import.meta.url, './isolated.ts')), [], {
      serialization: 'advanced',
      env: { JITI_FS_CACHE: 'false' },
      execArgv: processFlags(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child.on('message', (message) => {
      if (!this.#ended) listener.message(message);
    });
    this.#child.once('error', (error) => this.#end(error.message));
    this.#child.once('exit', (code, signal) =>
      this.#end(signal === null ? `exited with code ${code}` : `ended by ${signal}`),
    );
    const budget = lineBudget();
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      const cutter = new LineCutter(budget, (line) => listener.printed(line));
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => cutter.add(text)).on('end', () => cutter.end());
      unblock(stream);
    }
  }

  send(message: object): void {
    this.#child.send(message, (error) => {
      if (error !== null) this.#end(error.message);
    });
  }

  /** Processor time that it has used, ms; null where the system does not tell. */
  cpuMs(): number | null {
    return cpuMsOf(this.#child.pid);
  }

  /** Ends it for a reason of ours. */
  kill(reason: string): void {
    this.#end(reason);
    this.#child.kill('SIGKILL');
  }

  /** Resolves when it is gone. */
  close(): Promise<void> {
    this.#ended = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.kill('SIGKILL');
    });
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#listener.ended(endReason(reason));
  }
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
    return `it used more than ${limits.detectorHeapMbMax} MB of memory`;
  }
  return code === undefined ? reason : `it ended its process with code ${code}`;
}

/** A seat belt, as Node's own documents call it: no writing, no processes, no threads, no addons. */
function processFlags(): string[] {
  const [major = 0] = process.versions.node.split('.').map(Number);
  return [
    '--no-warnings',
    major >= 23 ? '--permission' : '--experimental-permission',
    '--allow-fs-read=*',
    `--max-old-space-size=${limits.detectorHeapMbMax}`,
  ];
}
