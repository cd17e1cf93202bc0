/**
 * What a person agrees to when they trust a detector: the content of its file, of its examples, and of
 * everything that these import by a path, hashed. Found by reading, not by running: running is what the
 * person is asked about. A path that is computed is not seen, and neither are installed packages.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, extname, relative, resolve } from 'node:path';
import { reasonOf, WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { pathKind } from '../path-kind.ts';
import { examplesBeside } from './testing/examples-file.ts';

export interface CodeHash {
  /** `sha256:` and 64 digits. */
  readonly hash: string;
  /** From the folder of the detector, its own file first. */
  readonly files: readonly string[];
  /** The same, absolute. */
  readonly paths: readonly string[];
  /** Packages that it imports; their content is not in the hash. */
  readonly packages: readonly string[];
}

/**
 * @param file absolute path of the detector's module
 * @throws WorkbenchError FILE_UNREADABLE, FILE_TOO_LARGE
 */
export function hashCode(file: string): CodeHash {
  const found = new Map<string, string>();
  const packages = new Set<string>();
  const examples = examplesBeside(file);
  const open = examples === null ? [file] : [file, examples];
  let bytes = 0;
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    if (found.has(path)) continue;
    const kind = pathKind(path);
    bytes += kind.kind === 'file' ? kind.bytes : 0;
    if (bytes > limits.pluginCodeBytesMax || found.size >= limits.pluginCodeFilesMax) {
      const limit = `${limits.pluginCodeBytesMax} in ${limits.pluginCodeFilesMax} files`;
      throw new WorkbenchError('FILE_TOO_LARGE', { file, bytes, limit });
    }
    const content = contentOf(path);
    found.set(path, createHash('sha256').update(content).digest('hex'));
    if (extname(path) === '.json') continue;
    for (const specifier of importsOf(content.toString('utf8'))) {
      if (!/^\.{0,2}\//.test(specifier)) packages.add(packageOf(specifier));
      else open.push(...resolved(path, specifier));
    }
  }
  const folder = dirname(file);
  const named = [...found].map(([path, hash]) => [relative(folder, path), hash] as const);
  const sorted = [...named].sort(([a], [b]) => (a < b ? -1 : 1));
  const whole = createHash('sha256').update(sorted.map((pair) => pair.join('\0')).join('\n'));
  return {
    hash: `sha256:${whole.digest('hex')}`,
    files: named.map(([name]) => name),
    paths: [...found.keys()],
    packages: [...packages].filter((name) => !isOurs(name)).sort(),
  };
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new WorkbenchError(
      'FILE_UNREADABLE',
      { file: path, reason: reasonOf(error) },
      { cause: error },
    );
  }
}

/** Everything that looks like an import: a text that is none costs a file more in the hash, which does no harm. */
function importsOf(source: string): string[] {
  const pattern = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"`])([^'"`\n]+)\1/g;
  return [...source.matchAll(pattern)].map(([, , specifier = '']) => specifier);
}

const endings = ['', '.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];

/** The files that a loader may take it for: `./a.js` may be written in `a.ts`, `./a` be a folder. */
function resolved(importer: string, specifier: string): string[] {
  const path = resolve(dirname(importer), specifier);
  const stem = path.replace(/\.[cm]?js$/, '');
  const candidates = [path, stem, resolve(path, 'index')].flatMap((base) =>
    endings.map((ending) => `${base}${ending}`),
  );
  return [...new Set(candidates)].filter((candidate) => pathKind(candidate).kind === 'file');
}

/** `@scope/name/deep` is the package `@scope/name`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isOurs(name: string): boolean {
  return name === 'incident-workbench' || name.startsWith('node:') || builtinModules.includes(name);
}
