/** Run files on disk, through the door of `engine/query`. */
import { existsSync } from 'node:fs';
import type { TObject } from 'typebox';
import { WorkbenchError } from '../../engine/errors.ts';
import {
  appendHumanEvent,
  listRuns,
  questions,
  type ListedRun,
  type Question,
  type RunReader,
} from '../../engine/query/index.ts';
import { printableAscii } from './log-line.ts';
import { OpenRuns } from './open-runs.ts';
import type { RunLibrary } from './run-library.ts';

export interface RunFiles {
  /** Need not exist. */
  readonly folder: string;
  /** Run files elsewhere. */
  readonly extra: readonly string[];
  /** Whether the process that writes a run is still there. */
  readonly isAlive: (pid: number) => boolean;
  /** Takes what is wrong with a file of the folder, once for each. */
  readonly log: (line: string) => void;
}

const table: Readonly<Record<string, Question<TObject, unknown>>> = questions;

/** Ids are parts of addresses; see the gate's `plainPath`. */
const plainId = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

export function openLibrary(files: RunFiles): RunLibrary {
  const open = new OpenRuns(files);
  const fileById = new Map<string, string>();
  const complain = once(files.log);

  /** The newest of two files with the same id wins; the other is not reachable, and said to be. */
  const refresh = (): readonly ListedRun[] => {
    const { runs, skipped } = listRuns(files.folder, files.extra, files);
    for (const { reason } of skipped) complain(reason);
    fileById.clear();
    return runs.filter(({ id, file }) => {
      if (!plainId.test(id)) complain(`the run id of ${file} cannot be part of an address`);
      else if (fileById.has(id)) complain(`${file} holds run ${id}, and so does another file`);
      else return fileById.set(id, file);
      return false;
    });
  };

  /** Files come, go and are replaced while we serve: what was listed is checked before it is believed. */
  const withRun = <A>(run: string, work: (reader: RunReader) => A): A => {
    const known = fileById.get(run);
    if (known === undefined || !existsSync(known)) refresh();
    const file = fileById.get(run);
    const missing = new WorkbenchError('RUN_NOT_FOUND', { run, folder: files.folder });
    if (file === undefined) throw missing;
    return open.use(file, (reader) => {
      if (reader.run().id === run) return work(reader);
      fileById.delete(run);
      throw missing;
    });
  };

  return {
    questions: Object.entries(table).map(([name, { parameters }]) => ({ name, parameters })),
    list: () => refresh().map(({ file: _file, ...summary }) => summary),
    ask: (run, name, parameters) =>
      withRun(run, (reader) => {
        const question = table[name];
        if (!question) throw new WorkbenchError('INTERNAL', { reason: `no question ${name}` });
        return question.answer(reader, parameters);
      }),
    act: (run, step) =>
      appendHumanEvent(
        withRun(run, (reader) => reader.file),
        step,
      ),
    progress: (run) =>
      withRun(run, (reader) => {
        const { state, throughUs, durationUs } = questions.overview.answer(reader, {});
        const asked = reader.run().asked_speed;
        return {
          state,
          throughUs,
          durationUs,
          askedSpeed: asked === 'max' ? asked : Number(asked),
        };
      }),
    close: () => open.close(),
  };
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
