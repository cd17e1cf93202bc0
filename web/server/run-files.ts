/** Run files on disk, through the door of `engine/query`. Runs in the process that answers. */
import { existsSync } from 'node:fs';
import type { TObject } from 'typebox';
import { WorkbenchError } from '../../engine/errors.ts';
import {
  appendHumanEvent,
  listRuns,
  progressOf,
  questions,
  type ListedRun,
  type Question,
  type RunReader,
  type Whereabouts,
  type WriterProcess,
} from '../../engine/query/index.ts';
import type { BenchFiles } from './bench-files.ts';
import type { BenchPlaces } from './bench-places.ts';
import { keyOfRun } from './bench-runs.ts';
import { OpenRuns } from './open-runs.ts';
import type { BenchCall, LibraryCall } from './run-library.ts';

export interface RunPlaces {
  /** Need not exist. */
  readonly folder: string;
  /** Run files elsewhere. */
  readonly extra: readonly string[];
  readonly bench: BenchPlaces;
}

const table: Readonly<Record<string, Question<TObject, unknown>>> = questions;

/** Ids are parts of addresses; see the gate's `plainPath`. */
const plainId = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

export class RunFiles {
  readonly #places: RunPlaces;
  readonly #complain: (line: string) => void;
  readonly #whereabouts: (writer: WriterProcess) => Whereabouts;
  readonly #open: OpenRuns;
  readonly #fileById = new Map<string, string>();
  #bench: Promise<BenchFiles> | null = null;

  constructor(
    places: RunPlaces,
    tools: {
      /** Takes what is wrong with a file, each time that it is met. */
      readonly complain: (line: string) => void;
      /** Where the process is that writes a run. */
      readonly whereabouts: (writer: WriterProcess) => Whereabouts;
    },
  ) {
    this.#places = places;
    this.#complain = tools.complain;
    this.#whereabouts = tools.whereabouts;
    this.#open = new OpenRuns(tools);
  }

  /** @throws WorkbenchError */
  async answer(call: LibraryCall): Promise<unknown> {
    switch (call.type) {
      case 'list':
        return this.#refresh().map(({ file: _file, ...summary }) => ({
          ...summary,
          live: call.hosted.includes(summary.id),
        }));
      case 'ask':
        return this.#ask(call);
      case 'act':
        return appendHumanEvent(
          this.#withRun(call.run, (reader) => reader.file),
          call.step,
        );
      case 'progress':
        return this.#withRun(call.run, progressOf);
      default:
        return benchAnswer(await this.#benchFiles(), call);
    }
  }

  close(): void {
    this.#open.close();
  }

  /** Loaded where it is asked for: few pages ask, and it is most of the engine. */
  #benchFiles(): Promise<BenchFiles> {
    this.#bench ??= import('./bench-files.ts').then(
      (module) => new module.BenchFiles(this.#places.bench, (keys) => this.#runsOf(keys)),
    );
    return this.#bench;
  }

  /** The newest of several. */
  #runsOf(keys: ReadonlySet<string>): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const { id, file } of this.#refresh()) {
      if (found.size === keys.size) break;
      const key = this.#keyOf(file);
      if (key !== null && keys.has(key) && !found.has(key)) found.set(key, id);
    }
    return found;
  }

  #keyOf(file: string): string | null {
    try {
      return this.#open.use(file, keyOfRun);
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      this.#complain(error.message);
      return null;
    }
  }

  #ask({ run, question: name, parameters, hosted }: LibraryCall & { type: 'ask' }): unknown {
    const question = table[name];
    if (!question) throw new WorkbenchError('INTERNAL', { reason: `no question ${name}` });
    const answer = this.#withRun(run, (reader) => question.answer(reader, parameters));
    if (name !== 'overview' || typeof answer !== 'object') return answer;
    return { ...answer, live: hosted.includes(run) };
  }

  /** The newest of two files with the same id wins; the other is not reachable, and said to be. */
  #refresh(): readonly ListedRun[] {
    const { runs, skipped } = listRuns(this.#places.folder, this.#places.extra, {
      whereabouts: this.#whereabouts,
    });
    for (const { reason } of skipped) this.#complain(reason);
    this.#fileById.clear();
    return runs.filter(({ id, file }) => {
      if (!plainId.test(id)) this.#complain(`the run id of ${file} cannot be part of an address`);
      else if (this.#fileById.has(id)) {
        this.#complain(`${file} holds run ${id}, and so does another file`);
      } else return this.#fileById.set(id, file);
      return false;
    });
  }

  /** Files come, go and are replaced while we serve: what was listed is checked before it is believed. */
  #withRun<A>(run: string, work: (reader: RunReader) => A): A {
    const known = this.#fileById.get(run);
    if (known === undefined || !existsSync(known)) this.#refresh();
    const file = this.#fileById.get(run);
    const missing = new WorkbenchError('RUN_NOT_FOUND', { run, folder: this.#places.folder });
    if (file === undefined) throw missing;
    return this.#open.use(file, (reader) => {
      if (reader.run().id === run) return work(reader);
      this.#fileById.delete(run);
      throw missing;
    });
  }
}

function benchAnswer(bench: BenchFiles, call: BenchCall): unknown {
  switch (call.type) {
    case 'boards':
      return bench.list();
    case 'board':
      return bench.board(call.board);
    case 'board-cell':
      return bench.cell(call.asked);
    case 'board-difference':
      return bench.difference(call.asked);
    case 'board-recipe':
      return bench.recipe(call.asked);
    default:
      return call satisfies never;
  }
}
