/**
 * A process that answers questions. A process and not a thread, because SQLite cannot be interrupted
 * from outside: a thread would be heard of again when its query ends, while a process can be killed
 * at any moment, and takes nothing with it when a hostile file crashes it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { reviveError, WorkbenchError } from '../../engine/errors.ts';
import { limits } from '../../engine/limits.ts';
import type { AnswerMessage } from './answer-protocol.ts';
import { Refused, refusals } from './refusal.ts';
import type { RunPlaces } from './run-files.ts';
import type { LibraryCall } from './run-library.ts';

interface Call {
  readonly call: LibraryCall;
  readonly resolve: (json: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

export class Answerer {
  readonly #child: ChildProcess;
  readonly #complain: (line: string) => void;
  #ready = false;
  #ended = false;
  #current: Call | null = null;
  #timer: NodeJS.Timeout;

  constructor(places: RunPlaces, complain: (line: string) => void) {
    this.#complain = complain;
    this.#child = fork(builtModule(), [JSON.stringify(places)], {
      serialization: 'advanced',
      env: {},
      execArgv: [`--max-old-space-size=${limits.answererHeapMbMax}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (message: AnswerMessage) => this.#hear(message));
    this.#child.once('error', (error) => this.#end(new Refused(refusals.answerer(error.message))));
    this.#child.once('exit', (code, signal) => {
      const reason = signal === null ? `exited with code ${code}` : `ended by ${signal}`;
      this.#end(new Refused(refusals.answerer(reason)));
    });
    this.#timer = this.#killAfter(limits.answererStartMsMax);
  }

  get isIdle(): boolean {
    return this.#current === null && !this.#ended;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** One call at a time. */
  answer(call: LibraryCall): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#current = { call, resolve, reject };
      if (this.#ready) this.#send(this.#current);
    });
  }

  /** Lets it close its files; one that is busy is killed when its time is up. */
  close(): Promise<void> {
    this.#end(new Refused(refusals.answerer('the server closes')));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#killAfter(goodbyeMs);
      this.#child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      if (this.#child.connected) this.#child.disconnect();
    });
  }

  #send({ call }: Call): void {
    const isShort = call.type === 'ask' || call.type === 'progress';
    const boundMs = isShort ? limits.questionMsMax : limits.libraryCallMsMax;
    this.#timer = this.#killAfter(boundMs);
    this.#child.send(call, (error) => {
      if (error !== null) this.#end(new Refused(refusals.answerer(error.message)));
    });
  }

  #hear(message: AnswerMessage): void {
    switch (message.type) {
      case 'complaint':
        return this.#complain(message.line);
      case 'ready':
        clearTimeout(this.#timer);
        this.#ready = true;
        if (this.#current) this.#send(this.#current);
        return;
      case 'answer':
        return this.#settle((current) => current.resolve(message.json));
      case 'error':
        return this.#settle((current) => current.reject(reviveError(message.error)));
      default:
        message satisfies never;
    }
  }

  #settle(settle: (current: Call) => void): void {
    clearTimeout(this.#timer);
    const current = this.#current;
    this.#current = null;
    if (current) settle(current);
  }

  #end(reason: unknown): void {
    this.#ended = true;
    this.#settle((current) => current.reject(reason));
  }

  #killAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#end(new WorkbenchError('QUESTION_TOO_SLOW', { ms }));
      this.#child.kill('SIGKILL');
    }, ms);
  }
}

/** How long a process that is busy may go on after the server closed, ms. */
const goodbyeMs = 500;

/** Beside us where built, under `dist/` where run from source: the build precedes the tests. */
function builtModule(): string {
  const isSource = import.meta.url.endsWith('.ts');
  const relative = isSource ? '../../dist/web/server/answer-process.js' : './answer-process.js';
  return fileURLToPath(new URL(relative, import.meta.url));
}
