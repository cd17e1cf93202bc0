/** What a person may type for a scenario: its file, or the folder that it lies in. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WorkbenchError } from '../engine/errors.ts';
import type { Io } from './io.ts';

const usualName = 'scenario.yaml';

export interface ScenarioFile {
  /** Absolute. */
  readonly path: string;
  /** As messages name it: what was typed, with the file's name where that was a folder. */
  readonly shownAs: string;
}

/** @throws WorkbenchError USAGE for an empty name, FILE_NOT_FOUND for a folder without a scenario */
export function scenarioFile(io: Pick<Io, 'cwd'>, typed: string): ScenarioFile {
  if (typed === '') throw new WorkbenchError('USAGE', { reason: 'the scenario has an empty name' });
  const path = resolve(io.cwd, typed);
  if (!isFolder(path)) return { path, shownAs: typed };
  const inside = join(path, usualName);
  if (existsSync(inside)) return { path: inside, shownAs: join(typed, usualName) };
  const [other] = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  const suggestion = other === undefined ? null : join(typed, other);
  throw new WorkbenchError('FILE_NOT_FOUND', { file: join(typed, usualName), suggestion });
}

/** What cannot even be asked, a loop of links say, is for whoever opens it to name. */
function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
