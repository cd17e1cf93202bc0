/**
 * The shape of a scenario against the schema: ajv's errors, turned into one message per mistake,
 * in words, at a place. What can be repaired for the sake of further checks (an unknown key, a
 * value that lacks its unit) is, so that one mistake does not hide the others.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { explain, knownKeys } from './explain.ts';
import { scenarioJsonSchema } from './json-schema.ts';
import { nearest } from './nearest.ts';
import type { RawProblem } from './problem.ts';
import { repair } from './repair.ts';
import type { RecordedFile, SimulatedFile } from './schema.ts';
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
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    verbose: true,
    $data: false,
    discriminator: true,
    allowUnionTypes: true,
    ownProperties: true,
    keywords: ['x-unit', 'x-tag'],
  });
  const validate = ajv.compile(scenarioJsonSchema());
  return (tree) => checkShape(tree, validate);
}

function checkShape(tree: ScenarioTree, validate: ValidateFunction): ShapeResult {
  if (validate(tree.value)) return { problems: [], file: asFile(tree.value), repaired: [] };
  const errors = withoutEchoes(validate.errors ?? []);
  const problems = errors.map((error): RawProblem => {
    const { part, path, ...said } = explain(error, tree);
    return { ...said, ...tree.locate(path, part) };
  });
  return { problems, ...repairedFile(tree.value, errors, validate) };
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
  return nearest(String(error.params['additionalProperty']), knownKeys(error));
}
