/** From the names and files that a person chose to detectors that are known to keep the contract. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { WorkbenchError } from '../errors.ts';
import type { DetectorChoice } from '../scenario/model.ts';
import {
  didYouMean,
  optionsSchema,
  type AnyConfig,
  type Description,
  type DetectorMetadata,
} from './contract.ts';
import { describeDetector } from './describe.ts';
import type { DetectorModule, DetectorOrigin } from './module.ts';

/** A detector ready for the pool: plain data, so it crosses threads as it is. */
export interface LoadedDetector {
  readonly id: string;
  readonly origin: DetectorOrigin;
  /** URL of the module. */
  readonly url: string;
  /** What people call it: the id of a built-in, the path of a file. */
  readonly file: string;
  /** Every option has a value. */
  readonly config: AnyConfig;
  readonly metadata: DetectorMetadata;
}

export interface BuiltIn {
  readonly id: string;
  /** URL of the built module. */
  readonly url: string;
}

export interface LoadOptions {
  readonly builtIns: readonly BuiltIn[];
  /** Folder that relative paths start from. */
  readonly cwd: string;
}

/**
 * Loads detectors in the order of the choices. A choice whose id has a slash or ends in `.ts`,
 * `.js` or `.mjs` is a file. Throws FILE_NOT_FOUND, DETECTOR_NOT_FOUND, DETECTOR_UNLOADABLE or
 * DETECTOR_INVALID.
 */
export async function loadDetectors(
  choices: readonly DetectorChoice[],
  options: LoadOptions,
): Promise<LoadedDetector[]> {
  const located = choices.map((choice) => ({ choice, ...locateDetector(choice.id, options) }));
  const loaded = await Promise.all(
    located.map(async ({ choice, module, file }) => {
      const metadata = accept(await describeDetector(module), file);
      const config = configure(metadata, choice.config, file);
      return { id: metadata.id, ...module, file, config, metadata };
    }),
  );
  refuseTwins(loaded);
  return loaded;
}

interface Located {
  readonly module: DetectorModule;
  readonly file: string;
}

/** The module that a person's word means. Throws DETECTOR_NOT_FOUND or FILE_NOT_FOUND. */
export function locateDetector(id: string, { builtIns, cwd }: LoadOptions): Located {
  if (!isFile(id)) {
    const builtIn = builtIns.find((candidate) => candidate.id === id);
    const known = builtIns.map((candidate) => candidate.id);
    if (builtIn === undefined) {
      throw new WorkbenchError('DETECTOR_NOT_FOUND', {
        id,
        known: `${known.join(', ')}${didYouMean(id, known)}; a file of yours: ./${id}.ts`,
      });
    }
    return { module: { origin: 'built-in', url: builtIn.url }, file: id };
  }
  const named = id.startsWith('file:') ? fileURLToPath(id) : id;
  const path = isAbsolute(named) ? named : resolve(cwd, named);
  if (!existsSync(path)) {
    throw new WorkbenchError('FILE_NOT_FOUND', { file: id, ...nearest(path) });
  }
  return { module: { origin: 'file', url: pathToFileURL(path).href }, file: path };
}

function isFile(id: string): boolean {
  return /[\\/]/.test(id) || /\.[cm]?[jt]s$/.test(id);
}

/** The like-named module in the same folder, for the hint. */
function nearest(path: string): { suggestion?: string } {
  const folder = dirname(path);
  if (!existsSync(folder)) return {};
  const modules = readdirSync(folder).filter((name) => isFile(name));
  const same = modules.find(
    (name) => basename(name, extname(name)) === basename(path, extname(path)),
  );
  return same === undefined ? {} : { suggestion: join(folder, same) };
}

/** The metadata, or what is wrong as an error. */
export function accept(description: Description, file: string): DetectorMetadata {
  switch (description.kind) {
    case 'described':
      return description.metadata;
    case 'invalid':
      throw new WorkbenchError('DETECTOR_INVALID', {
        file,
        reason: description.problems.join('; '),
        problems: description.problems,
      });
    case 'unloadable':
      throw new WorkbenchError('DETECTOR_UNLOADABLE', { file, reason: description.reason });
    default:
      return description satisfies never;
  }
}

/** The given values checked against the detector's options, and defaults for the rest. */
export function configure(
  metadata: DetectorMetadata,
  given: DetectorChoice['config'],
  file: string,
): AnyConfig {
  const config: Record<string, number | string | boolean> = { ...given };
  const ajv = new Ajv2020({ allErrors: true, strict: true, useDefaults: true });
  const check = ajv.compile(optionsSchema(metadata.options));
  if (check(config)) return config;
  const known = Object.keys(metadata.options);
  const problems = (check.errors ?? []).map((error) => {
    const extra: unknown = Reflect.get(error.params, 'additionalProperty');
    if (typeof extra === 'string') return `no option "${extra}"${didYouMean(extra, known)}`;
    return `option ${error.instancePath.slice(1)} ${error.message}`;
  });
  throw new WorkbenchError('DETECTOR_INVALID', { file, reason: problems.join('; '), problems });
}

function refuseTwins(loaded: readonly LoadedDetector[]): void {
  for (const [i, detector] of loaded.entries()) {
    const twin = loaded.slice(0, i).find((other) => other.id === detector.id);
    if (twin === undefined) continue;
    throw new WorkbenchError('DETECTOR_INVALID', {
      file: detector.file,
      reason: `its id ${detector.id} is taken by ${twin.file}; a run has one detector of each id`,
    });
  }
}
