/**
 * The shape of a scenario against the schema: ajv's errors, turned into one message per mistake,
 * in words, at a place. What can be repaired for the sake of further checks (an unknown key, a
 * value that lacks its unit) is, so that one mistake does not hide the others.
 */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { similarName } from '../similar.ts';
import { explain, knownKeys, pathOf } from './explain.ts';
import type { RawProblem } from './problem.ts';
import { guessTags, repair } from './repair.ts';
import type { RecordedFile, SimulatedFile } from './schema.ts';
import { shapeValidator } from './shape-validator.ts';
import type { Path, ScenarioTree } from './yaml-tree.ts';

export interface ShapeResult {
  readonly problems: readonly RawProblem[];
  /** The file's content in the format's shape, repaired where it had to be; null where it can't be. */
  readonly file: SimulatedFile | RecordedFile | null;
  /** Where a repair stands for what people wrote: nothing may be concluded from it. */
  readonly repaired: readonly Path[];
}

export type CheckShape = (tree: ScenarioTree) => ShapeResult;

/** Compiles the schema once; the result checks any number of files. */
export function shapeChecker(): CheckShape {
  const validate = shapeValidator();
  return (tree) => checkShape(tree, validate);
}

function checkShape(tree: ScenarioTree, validate: ValidateFunction): ShapeResult {
  const guessed: Path[] = [];
  const problems: RawProblem[] = [];
  const complain = (errors: readonly ErrorObject[]) => {
    for (const error of errors) {
      const { part, path, ...said } = explain(error, tree);
      problems.push({ ...said, ...tree.locate(path, part) });
    }
  };
  let { value } = tree;
  if (validate(value)) return { problems, file: asFile(value), repaired: [] };
  // The file's kind, then the kinds of what is in it: each hides what is wrong behind it.
  for (let round = 0; round < 2; round++) {
    const guess = guessTags(value, validate.errors ?? []);
    if (!guess) break;
    complain((validate.errors ?? []).filter((error) => isGuessed(error, guess.paths, tree)));
    guessed.push(...guess.paths);
    value = guess.value;
    validate(value);
  }
  const errors = withoutEchoes(validate.errors ?? []);
  complain(errors);
  const { file, repaired } = repairedFile(value, errors, validate);
  return { problems, file, repaired: [...guessed, ...repaired] };
}

function isGuessed(error: ErrorObject, guessed: readonly Path[], tree: ScenarioTree): boolean {
  if (error.keyword !== 'discriminator') return false;
  const path = [...pathOf(error.instancePath, tree.value), String(error.params['tag'])];
  return guessed.some((one) => one.join('\0') === path.join('\0'));
}

/** Two rounds: a key that was renamed may have a wrong value, too. */
function repairedFile(
  value: unknown,
  errors: readonly ErrorObject[],
  validate: ValidateFunction,
): Pick<ShapeResult, 'file' | 'repaired'> {
  const first = repair(value, errors);
  if (validate(first.value)) return { file: asFile(first.value), repaired: first.paths };
  const second = repair(first.value, withoutEchoes(validate.errors ?? []));
  if (!validate(second.value)) return { file: null, repaired: [] };
  return { file: asFile(second.value), repaired: [...first.paths, ...second.paths] };
}

/** The parse boundary: ajv has just said that the value has this shape. */
function asFile(value: unknown): SimulatedFile | RecordedFile {
  return value as SimulatedFile | RecordedFile;
}

/** Errors that only repeat what another one says better. */
function withoutEchoes(errors: readonly ErrorObject[]): ErrorObject[] {
  /** Objects whose telling key is wrong: the rest was judged by the wrong branch. */
  const misjudged = new Set<string>();
  /** Places of the wrong type: their text need not match a pattern too. */
  const mistyped = new Set<string>();
  for (const error of errors) {
    const { parentSchema, instancePath, keyword } = error;
    if (parentSchema?.['x-tag'] === true) {
      misjudged.add(instancePath.slice(0, instancePath.lastIndexOf('/')));
    }
    if (keyword === 'type') mistyped.add(instancePath);
  }
  const unknown = unknownKeys(errors);
  return errors.filter((error) => {
    if (error.keyword === 'if' || error.keyword === 'oneOf') return false;
    if (error.keyword === 'propertyNames') return false;
    if (error.keyword !== 'type' && mistyped.has(error.instancePath)) return false;
    if (error.keyword !== 'required' && error.keyword !== 'additionalProperties') return true;
    if (misjudged.has(error.instancePath)) return false;
    // A misspelt key is also a missing one; the suggestion says both.
    const missing: unknown = error.params['missingProperty'];
    return !(typeof missing === 'string' && unknown.get(error.instancePath)?.has(missing));
  });
}

/** Per object, the keys that its unknown keys were probably meant to be. */
function unknownKeys(errors: readonly ErrorObject[]): ReadonlyMap<string, ReadonlySet<string>> {
  const meant = new Map<string, Set<string>>();
  for (const error of errors) {
    if (error.keyword !== 'additionalProperties') continue;
    const near = nearestKey(error);
    if (near === null) continue;
    const keys = meant.get(error.instancePath) ?? new Set();
    meant.set(error.instancePath, keys.add(near));
  }
  return meant;
}

function nearestKey(error: ErrorObject): string | null {
  return similarName(String(error.params['additionalProperty']), knownKeys(error));
}
