/**
 * The file that a scenario extends. Whoever wrote the scenario may have sent it to somebody: it
 * reaches the folder that the scenario lies in and those beside it, and nothing else, whatever
 * links say.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { similarFile } from '../similar.ts';
import { pathComplaint } from './file-path.ts';
import type { Complaint } from './report.ts';
import { clipped } from './suggestion.ts';

const extension = '.yaml';
const charactersMax = 1024;

/** The folder that everything which a scenario extends must lie in; null where there is none. */
export function rootOf(scenarioFile: string): string | null {
  const folder = real(dirname(scenarioFile));
  if (folder === null) return null;
  const parent = dirname(folder);
  // Beside a folder at the very top lies the whole disk.
  return dirname(parent) === parent ? folder : parent;
}

/** The real path of what is written in `from`; a complaint says no more of a file than was written. */
export function findBase(
  written: unknown,
  { from, root }: { readonly from: string; readonly root: string | null },
): { readonly path: string } | Complaint {
  const wrong = typeof written === 'string' ? formComplaint(written) : notText;
  if (wrong || typeof written !== 'string') return wrong ?? notText;
  const outside: Complaint = {
    kind: 'forbidden',
    message: `"${clipped(written)}" lies outside of the scenario's folder and those beside it`,
  };
  const folder = real(dirname(from));
  if (root === null || folder === null) return missing(written, null);
  const candidate = resolve(folder, written);
  if (!isInside(root, candidate)) return outside;
  const path = real(candidate);
  if (path === null) {
    const parent = real(dirname(candidate));
    const near = parent !== null && isInside(root, parent) ? join(parent, basename(written)) : null;
    return missing(written, near);
  }
  return isInside(root, path) && path.endsWith(extension) ? { path } : outside;
}

const notText: Complaint = {
  kind: 'wrong-type',
  message: 'extends must be text: the path of a file',
};

function formComplaint(written: string): Complaint | null {
  const complaint = pathComplaint(written);
  if (complaint) return complaint;
  if (written.length > charactersMax) {
    return { kind: 'limit', message: `extends is longer than ${charactersMax} characters` };
  }
  if (isAbsolute(written) || written.includes('\\') || /^[a-z]:/i.test(written)) {
    const hint = 'write it relative to this file, with slashes';
    return { kind: 'forbidden', message: 'extends must be a relative path', hint };
  }
  if (written.endsWith(extension) && basename(written) !== extension) return null;
  const message = `extends must name a file that ends in ${extension}`;
  return { kind: 'bad-value', message };
}

function missing(written: string, near: string | null): Complaint {
  const found = near === null ? null : similarFile(near, (name) => name.endsWith(extension));
  // A link that leads nowhere has the very name.
  const other = found === null || basename(found) === basename(written) ? null : basename(found);
  const hint = other === null ? undefined : `did you mean "${join(dirname(written), other)}"?`;
  return { kind: 'reference', message: `no file "${clipped(written)}"`, hint };
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

function real(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    // Missing, unreadable or a circle of links: to a scenario it is not there.
    return null;
  }
}
