/**
 * What a person's process may do, as flags of Node. A seat belt, as Node's own documents call it: no
 * writing, no processes, no threads, no addons, and reading only where code comes from. It keeps slips
 * from doing harm; it does not keep code from trying.
 */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { threadModule } from '../replay/thread.ts';
import { hashCode } from './code-hash.ts';

/** @param file the module of the detector */
export function seatBelt(file: string): string[] {
  const [major = 0] = process.versions.node.split('.').map(Number);
  return [
    '--no-warnings',
    major >= 23 ? '--permission' : '--experimental-permission',
    ...readable(file).map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${limits.detectorHeapMbMax}`,
  ];
}

/** The detector's folder and what it imports from elsewhere, ours, and the packages of both. */
function readable(file: string): string[] {
  // The process's own module is `<package>/dist/engine/detect/isolated.js`.
  const ours = fileURLToPath(threadModule(import.meta.url, '../../..'));
  const folders = [dirname(file), ours, ...packagesAbove(file), ...packagesAbove(ours)];
  return [...folders.map((folder) => join(folder, '*')), ...importedBy(file)].flatMap(withReal);
}

function packagesAbove(path: string): string[] {
  const above: string[] = [];
  for (let at = path; at !== dirname(at); at = dirname(at)) above.push(join(at, 'node_modules'));
  return above;
}

function importedBy(file: string): readonly string[] {
  try {
    return hashCode(file).paths;
  } catch (error) {
    // It has gone or cannot be read: loading it says so.
    if (error instanceof WorkbenchError) return [];
    throw error;
  }
}

/** A path, and what it stands for where it is a link. */
function withReal(path: string): string[] {
  const bare = path.replace(/\/\*$/, '');
  if (!existsSync(bare)) return [];
  const real = realpathSync(bare);
  return real === bare ? [path] : [path, path === bare ? real : join(real, '*')];
}
