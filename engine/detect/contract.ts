/**
 * What a detector module must look like. Everything that is wrong is said at once, so an author
 * mends a file in one go; what passes is safe to run and to describe as plain data.
 */
import type { Detector, Hooks, InitContext, Option, Options, Per } from '../sdk/index.ts';
import { similarName } from '../similar.ts';

/** The values of any detector's options. */
export type AnyConfig = Readonly<Record<string, number | string | boolean>>;

/** A detector whose own types no longer matter: the host hands its state through unread. */
export type AnyDetector = Omit<Detector<object, Options, string>, 'init' | 'on'> & {
  readonly init: (context: InitContext<AnyConfig>) => object | null;
  readonly on: Hooks<object, AnyConfig, string>;
};

export const hookNames = ['log', 'metric', 'span', 'change', 'tick', 'end'] as const;
export type HookName = (typeof hookNames)[number];

/** A detector as plain data: what the run file keeps and the page shows. */
export interface DetectorMetadata {
  readonly apiVersion: 1;
  readonly id: string;
  readonly summary: string;
  readonly per: Per;
  readonly options: Options;
  readonly messages: Readonly<Record<string, string>>;
  readonly hooks: readonly HookName[];
}

/** What became of looking at a detector's module. */
export type Description =
  | { readonly kind: 'described'; readonly metadata: DetectorMetadata }
  /** `line`: of the file, where the first problem is; null where nothing tells. */
  | { readonly kind: 'invalid'; readonly problems: readonly string[]; readonly line: number | null }
  | { readonly kind: 'unloadable'; readonly reason: string };

/** Hooks that find a state for each record; a log, say, names no series. */
const hooksOf: Readonly<Record<Per, readonly HookName[]>> = {
  series: ['metric', 'change', 'tick', 'end'],
  service: ['log', 'metric', 'span', 'change', 'tick', 'end'],
  edge: ['span', 'change', 'tick', 'end'],
  run: ['log', 'metric', 'span', 'change', 'tick', 'end'],
};
const pers = Object.keys(hooksOf);
const detectorKeys = [
  'apiVersion',
  'id',
  'summary',
  'per',
  'options',
  'messages',
  'init',
  'on',
] as const;

export type Examined =
  | { readonly ok: true; readonly detector: AnyDetector; readonly metadata: DetectorMetadata }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Examines the default export of a detector module. */
export function examineDetector(exported: unknown): Examined {
  if (!isRecord(exported)) {
    return {
      ok: false,
      problems: [
        'the module has no detector as its default export: export default defineDetector({…}), and no module.exports beside it',
      ],
    };
  }
  const problems: string[] = [
    ...unknownKeys(exported, detectorKeys, ''),
    ...identityProblems(exported),
    ...optionsProblems(exported['options']),
    ...messagesProblems(exported['messages']),
    ...hooksProblems(exported),
  ];
  if (problems.length > 0) return { ok: false, problems };
  // The parse boundary: everything that the type promises and that can be seen has been checked.
  const detector = exported as unknown as AnyDetector;
  return { ok: true, detector, metadata: metadataOf(detector) };
}

function metadataOf(detector: AnyDetector): DetectorMetadata {
  const { apiVersion, id, summary, per, options, messages } = detector;
  const hooks = hookNames.filter((name) => detector.on[name] !== undefined);
  return structuredClone({ apiVersion, id, summary, per, options, messages, hooks });
}

function identityProblems(exported: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = [];
  const { apiVersion, id, summary, per } = exported;
  if (apiVersion !== 1) {
    problems.push(`apiVersion is ${show(apiVersion)}; this workbench knows apiVersion 1`);
  }
  if (typeof id !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 64) {
    problems.push(`id is ${show(id)}; it must be kebab-case, like error-burst, at most 64 letters`);
  }
  if (typeof summary !== 'string' || summary.trim() === '') {
    problems.push('summary is missing; say in one sentence what the detector looks for');
  }
  if (typeof per !== 'string' || !pers.includes(per)) {
    problems.push(`per is ${show(per)}; it must be one of ${pers.join(', ')}`);
  }
  return problems;
}

const optionKeys = ['type', 'default', 'description', 'minimum', 'maximum', 'enum'] as const;

function optionsProblems(options: unknown): string[] {
  if (!isRecord(options)) return ['options is missing; an object, {} where there are none'];
  return Object.entries(options).flatMap(([name, option]) => optionProblems(name, option));
}

function optionProblems(name: string, option: unknown): string[] {
  const where = `options.${name}`;
  if (!/^[a-z][A-Za-z0-9_]*$/.test(name)) return [`${where}: a name is letters and digits`];
  if (!isRecord(option)) return [`${where} must be an object with type, default and description`];
  const problems = unknownKeys(option, optionKeys, `${where}.`);
  const { type, default: preset, description } = option;
  if (typeof description !== 'string' || description.trim() === '') {
    problems.push(`${where}.description is missing`);
  }
  switch (type) {
    case 'number':
    case 'integer':
      problems.push(...numberProblems(where, option));
      break;
    case 'boolean':
    case 'string':
      if (typeof preset !== type) problems.push(`${where}.default must be a ${type}`);
      if (option['enum'] !== undefined && !enumHolds(option['enum'], preset)) {
        problems.push(`${where}.enum must be a list of strings that holds the default`);
      }
      break;
    default:
      problems.push(`${where}.type is ${show(type)}; number, integer, boolean or string`);
  }
  return problems;
}

function numberProblems(where: string, option: Readonly<Record<string, unknown>>): string[] {
  const { type, default: preset, minimum = -Infinity, maximum = Infinity } = option;
  const good =
    typeof preset === 'number' &&
    (type === 'integer' ? Number.isInteger(preset) : Number.isFinite(preset));
  if (!good) return [`${where}.default must be ${type === 'integer' ? 'an integer' : 'a number'}`];
  if (typeof minimum !== 'number' || typeof maximum !== 'number') {
    return [`${where}: minimum and maximum must be numbers`];
  }
  if (preset < minimum || preset > maximum) {
    return [`${where}.default is ${preset}, outside of minimum ${minimum} and maximum ${maximum}`];
  }
  return [];
}

function enumHolds(allowed: unknown, preset: unknown): boolean {
  return Array.isArray(allowed) && allowed.includes(preset);
}

function messagesProblems(messages: unknown): string[] {
  if (!isRecord(messages)) return ['messages is missing; an object from message id to template'];
  return Object.entries(messages)
    .filter(([, template]) => typeof template !== 'string' || template.trim() === '')
    .map(([id]) => `messages.${id} must be a non-empty template`);
}

function hooksProblems(exported: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = [];
  const { init, on, per } = exported;
  if (typeof init !== 'function') problems.push('init is missing; it makes the state of a subject');
  else if (isAsync(init)) problems.push('init is async; hooks are synchronous');
  if (!isRecord(on)) return [...problems, 'on is missing; an object of hooks'];
  problems.push(...unknownKeys(on, hookNames, 'on.'));
  const found = hookNames.filter((name) => on[name] !== undefined);
  if (found.length === 0) problems.push(`on has no hook; one of ${hookNames.join(', ')}`);
  for (const name of found) {
    const hook = on[name];
    if (typeof hook !== 'function') problems.push(`on.${name} is not a function`);
    else if (isAsync(hook)) problems.push(`on.${name} is async; hooks are synchronous`);
    if (typeof per === 'string' && isPer(per) && !hooksOf[per].includes(name)) {
      const fitting = pers.filter((other) => isPer(other) && hooksOf[other].includes(name));
      problems.push(
        `on.${name} never runs with per: '${per}', a ${name} belongs to no ${per}; use per: ${fitting.join(' or ')}`,
      );
    }
  }
  return problems;
}

function unknownKeys(
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  prefix: string,
): string[] {
  return Object.keys(record)
    .filter((key) => !known.includes(key))
    .map((key) => `unknown key ${prefix}${key}${didYouMean(key, known)}`);
}

/** `; did you mean x?` where a known name is near, else nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = similarName(name, known);
  return near === null ? '' : `; did you mean ${near}?`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPer(value: string): value is Per {
  return pers.includes(value);
}

function isAsync(hook: object): boolean {
  const tag = Object.prototype.toString.call(hook);
  return tag === '[object AsyncFunction]' || tag === '[object AsyncGeneratorFunction]';
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value));
}

/** JSON Schema of a detector's options, for ajv and for forms. */
export function optionsSchema(options: Options): Record<string, unknown> {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(options).map(([name, option]: [string, Option]) => [name, { ...option }]),
    ),
  };
}
