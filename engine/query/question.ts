/** The shape of a question: parameters as data (for ajv at the server's door), and its answer. */
import { Type, type Static, type TObject } from 'typebox';
import { limits } from '../limits.ts';
import { levels, type Level } from '../store/schema.ts';
import type { RunReader } from './reader.ts';

export interface Question<P extends TObject, A> {
  /** JSON Schema of the parameters. Numbers arrive as text in a URL: validate with coercion. */
  readonly parameters: P;
  /** Answers from one snapshot of the run. @throws WorkbenchError NOT_IN_RUN, RUN_FILE_DAMAGED */
  answer(run: RunReader, parameters: Static<P>): A;
}

export function question<P extends TObject, A>(
  parameters: P,
  answer: (run: RunReader, parameters: Static<P>) => A,
): Question<P, A> {
  return { parameters, answer: (run, given) => run.snapshot(() => answer(run, given)) };
}

/** The playhead. Times beyond what is stored count as the last moment that is. */
export const playheadParameter = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER / 8,
  description: 'Playhead, µs since the start of the scenario; nothing after it is read.',
});

export const timeParameter = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER / 8, description });

export const keyParameter = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

export const levelsParameter = Type.String({
  pattern: `^(${levels.join('|')})(,(${levels.join('|')}))*$`,
  maxLength: 100,
  description: `Levels, separated by commas: ${levels.join(', ')}.`,
});

export const servicesParameter = Type.String({
  minLength: 1,
  maxLength: limits.queryTextCharsMax,
  description: 'Names of services, separated by commas.',
});

export const templatesParameter = Type.String({
  pattern: '^[1-9]\\d{0,8}(,[1-9]\\d{0,8})*$',
  maxLength: 200,
  description: 'Ids of log templates, separated by commas.',
});

/** The levels of a comma list; null where none was given or all were, which filter nothing. */
export function levelsOf(list: string | undefined): readonly Level[] | null {
  if (list === undefined) return null;
  const asked = new Set(list.split(','));
  const found = levels.filter((level) => asked.has(level));
  return found.length === levels.length ? null : found;
}

/** Ids of the services of a comma list; null where none was given. @throws WorkbenchError NOT_IN_RUN */
export function servicesOf(run: RunReader, list: string | undefined): readonly number[] | null {
  if (list === undefined) return null;
  return [...new Set(list.split(',').map((name) => run.serviceId(name)))];
}
