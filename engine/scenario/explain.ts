/** What one error of ajv means, in words that say what to write. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import { slugOf } from '../slug.ts';
import { clipped, suggestion } from './suggestion.ts';
import type { ProblemKind } from './problem.ts';
import { slugPattern } from './schema-parts.ts';
import { parseUnit, unitExamples } from './units.ts';
import type { UnitKind } from './units.ts';
import type { Path, ScenarioTree } from './yaml-tree.ts';

interface Explanation {
  readonly kind: ProblemKind;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly path: Path;
  readonly part: 'key' | 'value';
}

export function explain(error: ErrorObject, tree: ScenarioTree): Explanation {
  const path = pathOf(error.instancePath, tree.value);
  const params: Readonly<Record<string, unknown>> = error.params;
  const at = (kind: ProblemKind, message: string, hint?: string): Explanation => ({
    kind,
    message,
    hint,
    path,
    part: 'value',
  });
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error, path);
    case 'required': {
      const missing = String(params['missingProperty']);
      const hint = describe(error.parentSchema?.['properties'], missing);
      return { ...at('missing-key', `missing key "${missing}"${inside(path)}`, hint), part: 'key' };
    }
    case 'discriminator':
      return wrongTag(error, path, tree);
    case 'type':
      return wrongType(error, path, tree);
    case 'enum':
    case 'const':
      return wrongChoice(error, path);
    case 'pattern':
      return wrongText(error, path);
    case 'minLength':
      return at('bad-value', `${nameOf(path)} must not be empty`);
    case 'maxLength':
      return at('limit', `${nameOf(path)} is longer than ${String(params['limit'])} characters`);
    case 'minItems':
      return at('bad-value', `${nameOf(path)} must not be an empty list`);
    case 'maxItems':
    case 'maxProperties':
      return at('limit', `${nameOf(path)} has more than ${String(params['limit'])} entries`);
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return at('bad-value', `${nameOf(path)} must be ${bound(error)}, not ${String(error.data)}`);
    default:
      return at('bad-value', `${nameOf(path)} ${error.message ?? 'is wrong'}`);
  }
}

/** The keys that the object may have, by the branch of the schema it was judged by. */
export function knownKeys(error: ErrorObject): string[] {
  const properties: unknown = error.parentSchema?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function unknownKey(error: ErrorObject, path: Path): Explanation {
  const key = String(error.params['additionalProperty']);
  const known = knownKeys(error);
  return {
    kind: 'unknown-key',
    message: `unknown key "${clipped(key)}"${inside(path)}`,
    hint: suggestion(key, known),
    path: [...path, key],
    part: 'key',
  };
}

/** What the telling key of a union may be. */
export function knownTags(error: ErrorObject): string[] {
  const tag = String(error.params['tag']);
  const branches = (error.parentSchema?.['oneOf'] ?? []) as readonly {
    properties: Readonly<Record<string, { const: string }>>;
  }[];
  return branches.map((branch) => String(branch.properties[tag]?.const));
}

function wrongTag(error: ErrorObject, path: Path, tree: ScenarioTree): Explanation {
  const tag = String(error.params['tag']);
  const value: unknown = error.params['tagValue'];
  const known = knownTags(error);
  if (value === undefined) {
    const message = `missing key "${tag}"${inside(path)}`;
    return { kind: 'missing-key', message, hint: `one of: ${known.join(', ')}`, path, part: 'key' };
  }
  const written = typeof value === 'string' ? value : tree.written([...path, tag]);
  return {
    kind: 'bad-value',
    message: `unknown ${tag} "${clipped(written)}"`,
    hint: suggestion(written, known),
    path: [...path, tag],
    part: 'value',
  };
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
};

function wrongType(error: ErrorObject, path: Path, tree: ScenarioTree): Explanation {
  const expected = [error.params['type'] as string | string[]].flat();
  const { data } = error;
  const kind = 'wrong-type' as const;
  const written = tree.written(path);
  const unit = unitOf(error);
  if (unit && typeof data === 'number') {
    const parsed = parseUnit(unit, written);
    const message =
      'problem' in parsed ? parsed.problem : `${written} needs a unit: ${unitExamples[unit]}`;
    return { kind, message, path, part: 'value' };
  }
  const scalar = typeof data === 'number' || typeof data === 'boolean';
  const quote = scalar && expected.includes('string') && !unit;
  const notFinite = typeof data === 'number' && !Number.isFinite(data);
  const wanted = expected.map((type) => typeNames[type] ?? type).join(' or ');
  return {
    kind,
    message: `${nameOf(path)} must be ${notFinite ? 'a finite number' : wanted}, not ${described(data, written)}`,
    hint: quote ? `quote it: "${clipped(written)}"` : undefined,
    path,
    part: 'value',
  };
}

function described(data: unknown, written: string): string {
  if (data === null) return written === '' ? 'empty' : clipped(written);
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'object') return 'a map of keys';
  if (typeof data === 'string') return `the text "${clipped(data)}"`;
  const type = typeof data === 'boolean' ? 'true/false value' : 'number';
  return `the ${type} ${clipped(written || String(data))}`;
}

function wrongChoice(error: ErrorObject, path: Path): Explanation {
  const allowed = error.params['allowedValues'] ?? [error.params['allowedValue']];
  const known = (allowed as readonly unknown[]).map(String);
  const value = String(error.data);
  if (path.length === 1 && path[0] === 'apiVersion') {
    return {
      kind: 'version',
      message: `apiVersion "${clipped(value)}" is not known here`,
      hint: `write ${known.join(', ')}; a newer file needs a newer workbench`,
      path,
      part: 'value',
    };
  }
  const message = `unknown ${nameOf(path)} "${clipped(value)}"`;
  return { kind: 'bad-value', message, hint: suggestion(value, known), path, part: 'value' };
}

function wrongText(error: ErrorObject, path: Path): Explanation {
  const value = String(error.data);
  const unit = unitOf(error);
  if (unit) {
    const parsed = parseUnit(unit, value);
    const message = 'problem' in parsed ? parsed.problem : `${nameOf(path)} is no ${unit}`;
    return { kind: 'bad-value', message: message, path, part: 'value' };
  }
  if (error.parentSchema?.['pattern'] === '^default$') {
    const message = `${nameOf(path)} must be default or a list, not "${clipped(value)}"`;
    return { kind: 'bad-value', message, hint: `a list: [${clipped(value)}]`, path, part: 'value' };
  }
  if (error.parentSchema?.['pattern'] === slugPattern) {
    const message = `${nameOf(path)} "${clipped(value)}" must be lower-case words and digits joined by hyphens`;
    const slug = slugOf(value);
    const namesDetector = path[0] === 'detectors';
    const hint = namesDetector
      ? 'a scenario names bundled detectors; code of yours comes by --detector'
      : slug && `"${clipped(slug)}" would do`;
    return { kind: 'bad-value', message, hint, path, part: 'value' };
  }
  const option = error.propertyName !== undefined;
  return {
    kind: 'bad-value',
    message: option
      ? `"${clipped(error.propertyName ?? '')}" cannot be the name of an option`
      : `${nameOf(path)} "${clipped(value)}" must not begin or end with a space, nor have control characters`,
    path: option ? [...path, error.propertyName ?? ''] : path,
    part: option ? 'key' : 'value',
  };
}

function bound(error: ErrorObject): string {
  const limit = String(error.params['limit']);
  if (error.keyword === 'exclusiveMinimum') return `more than ${limit}`;
  return error.keyword === 'minimum' ? `at least ${limit}` : `at most ${limit}`;
}

function unitOf(error: ErrorObject): UnitKind | null {
  return (error.parentSchema?.['x-unit'] as UnitKind | undefined) ?? null;
}

function describe(properties: unknown, key: string): string | undefined {
  const found = (properties as Readonly<Record<string, { description?: string }>> | undefined)?.[
    key
  ];
  return found?.description;
}

/** `duration`, `services[2]`: the last key, with its index. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  if (typeof last === 'string') return clipped(last);
  return `${nameOf(path.slice(0, -1))}[${last}]`;
}

function inside(path: Path): string {
  return path.length === 0 ? '' : ` in ${nameOf(path)}`;
}

/** JSON pointer to path; a step into a list becomes a number. */
export function pathOf(pointer: string, root: unknown): Path {
  if (pointer === '') return [];
  let value = root;
  return pointer
    .slice(1)
    .split('/')
    .map((escaped) => {
      const step = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
      const key = Array.isArray(value) ? Number(step) : step;
      value = (value as Readonly<Record<string | number, unknown>> | null)?.[key];
      return key;
    });
}
