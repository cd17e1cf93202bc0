/** From the names and files that a person chose to detectors that are known to keep the contract. */
import { basename, extname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WorkbenchError } from '../errors.ts';
import { pathKind } from '../path-kind.ts';
import { similarFile } from '../similar.ts';
import { configure, type AskedDetector } from './configure.ts';
import { didYouMean, type AnyConfig, type Description, type DetectorMetadata } from './contract.ts';
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
 * `.js` or `.mjs` is a file. Throws FILE_NOT_FOUND, DETECTOR_NOT_FOUND, DETECTOR_UNLOADABLE,
 * DETECTOR_INVALID or DETECTOR_OPTIONS.
 */
export async function loadDetectors(
  choices: readonly AskedDetector[],
  options: LoadOptions,
): Promise<LoadedDetector[]> {
  const located = choices.map((choice) => ({ choice, ...locateDetector(choice.id, options) }));
  const loaded = await Promise.all(
    located.map(async ({ choice, module, file }) => {
      const metadata = accept(await describeDetector(module), file);
      const config = configure(metadata, choice);
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

/** The module that a person's word means. Throws DETECTOR_NOT_FOUND, FILE_NOT_FOUND or FILE_UNREADABLE. */
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
  const path = fileOf(isAbsolute(named) ? named : resolve(cwd, named));
  const found = pathKind(path);
  if (found.kind === 'missing') {
    throw new WorkbenchError('FILE_NOT_FOUND', { file: id, suggestion: similarModule(path) });
  }
  if (found.kind !== 'file') {
    const reason =
      found.kind === 'folder' ? `it is a folder without a ${usualNames[0]}` : found.reason;
    throw new WorkbenchError('FILE_UNREADABLE', { file: id, reason });
  }
  return { module: { origin: 'file', url: pathToFileURL(path).href }, file: path };
}

/** What `workbench new detector` calls it, and what a compiler makes of that. */
const usualNames = ['detector.ts', 'detector.js', 'detector.mts', 'detector.mjs'] as const;

/** A folder stands for the detector in it, as that of a scenario does. */
function fileOf(path: string): string {
  if (pathKind(path).kind !== 'folder') return path;
  const inside = usualNames.map((name) => join(path, name));
  return inside.find((file) => pathKind(file).kind === 'file') ?? path;
}

function isFile(id: string): boolean {
  return /[\\/]/.test(id) || /\.[cm]?[jt]s$/.test(id);
}

/** A module of the same name with another ending, or else of nearly the same name, in the same folder. */
function similarModule(path: string): string | null {
  const stem = basename(path, extname(path));
  const isSame = (name: string) => isFile(name) && basename(name, extname(name)) === stem;
  return similarFile(path, isSame) ?? similarFile(path, isFile);
}

/** The metadata, or what is wrong as an error. */
export function accept(description: Description, file: string): DetectorMetadata {
  switch (description.kind) {
    case 'described':
      return description.metadata;
    case 'invalid':
      throw new WorkbenchError('DETECTOR_INVALID', {
        file: description.line === null ? file : `${file}:${description.line}`,
        reason: description.problems.join('; '),
        problems: description.problems,
      });
    case 'unloadable':
      throw new WorkbenchError('DETECTOR_UNLOADABLE', { file, reason: description.reason });
    default:
      return description satisfies never;
  }
}

function refuseTwins(loaded: readonly LoadedDetector[]): void {
  for (const [i, detector] of loaded.entries()) {
    const twin = loaded.slice(0, i).find((other) => other.id === detector.id);
    if (twin === undefined) continue;
    if (twin.file === detector.file) {
      throw new WorkbenchError('USAGE', { reason: `detector ${detector.file} is named twice` });
    }
    throw new WorkbenchError('DETECTOR_INVALID', {
      file: detector.file,
      reason: `its id ${detector.id} is taken by ${twin.file}; a run has one detector of each id`,
    });
  }
}
