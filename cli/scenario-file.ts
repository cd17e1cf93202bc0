/** What a person may type for a scenario: its file, or the folder that it lies in. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WorkbenchError } from '../engine/errors.ts';
import { pathKind } from '../engine/path-kind.ts';
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
  if (pathKind(path).kind !== 'folder') return { path, shownAs: typed };
  const inside = join(path, usualName);
  if (existsSync(inside)) return { path: inside, shownAs: join(typed, usualName) };
  const [other] = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  const suggestion = other === undefined ? null : join(typed, other);
  throw new WorkbenchError('FILE_NOT_FOUND', { file: join(typed, usualName), suggestion });
}
