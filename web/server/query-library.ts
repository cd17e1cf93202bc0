/**
 * The library of runs: a queue in front of a few processes that answer, so that a slow question costs
 * nobody but who asked it, and neither the server nor a run that this process hosts ever waits.
 */
import { questions } from '../../engine/query/index.ts';
import { limits } from '../../engine/limits.ts';
import { Answerer } from './answerer.ts';
import type { BenchPlaces } from './bench-places.ts';
import { printableAscii } from './log-line.ts';
import { Refused, refusals } from './refusal.ts';
import type { RunPlaces } from './run-files.ts';
import type { LibraryCall, RunLibrary } from './run-library.ts';

export interface LibraryOptions extends Omit<RunPlaces, 'bench'> {
  /** Default: there are no benchmarks. */
  readonly bench?: BenchPlaces;
  /** Takes what is wrong with a file of the folder, once for each. */
  readonly log: (line: string) => void;
}

const noBench: BenchPlaces = { folder: '', scenarioRoots: [], bundled: [] };

interface Waiting {
  readonly call: LibraryCall;
  begin(answer: Promise<Uint8Array>): void;
}

export function openLibrary({ log, bench = noBench, ...runs }: LibraryOptions): RunLibrary {
  const places = { ...runs, bench };
  const complain = once(log);
  const desk = new Desk(() => new Answerer(places, complain));
  return {
    questions: Object.entries(questions).map(([name, { parameters }]) => ({ name, parameters })),
    call: (call, signal) => desk.call(call, signal),
    close: () => desk.close(),
  };
}

class Desk {
  readonly #start: () => Answerer;
  #answerers: Answerer[];
  readonly #waiting = new Set<Waiting>();
  #closed = false;

  constructor(start: () => Answerer) {
    this.#start = start;
    // The first page finds one that is warm already; the others start when they are needed.
    this.#answerers = [start()];
  }

  call(call: LibraryCall, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.#closed) return Promise.reject(new Refused(refusals.closing));
    if (this.#waiting.size >= limits.questionsWaitingMax) {
      return Promise.reject(new Refused(refusals.busy));
    }
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): void => {
        stopWaiting();
        reject(reason);
      };
      const onAbort = (): void => leave(signal?.reason);
      const tooLong = (): void => leave(new Refused(refusals.waitedLong));
      const timer = setTimeout(tooLong, limits.questionWaitMsMax);
      const stopWaiting = (): void => {
        this.#waiting.delete(waiting);
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiting: Waiting = {
        call,
        begin(answer) {
          stopWaiting();
          answer.then(resolve, reject);
        },
      };
      this.#waiting.add(waiting);
      signal?.addEventListener('abort', onAbort);
      this.#serve();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { begin } of this.#waiting) begin(Promise.reject(new Refused(refusals.closing)));
    await Promise.all(this.#answerers.map((answerer) => answerer.close()));
  }

  /** Gives what waits to whoever is idle, first come, first served. */
  #serve(): void {
    for (const waiting of this.#waiting) {
      const answerer = this.#idleOne();
      if (!answerer) return;
      const answer = answerer.answer(waiting.call);
      waiting.begin(answer);
      const next = (): void => this.#serve();
      answer.then(next, next);
    }
  }

  #idleOne(): Answerer | null {
    if (this.#closed) return null;
    this.#answerers = this.#answerers.filter((answerer) => !answerer.hasEnded);
    const idle = this.#answerers.find((answerer) => answerer.isIdle);
    if (idle) return idle;
    if (this.#answerers.length >= limits.answerersMax) return null;
    const started = this.#start();
    this.#answerers.push(started);
    return started;
  }
}

function once(log: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (said.has(line)) return;
    said.add(line);
    // File names come from strangers too.
    log(printableAscii(`not listed: ${line}`));
  };
}
