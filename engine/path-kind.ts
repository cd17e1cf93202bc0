import { statSync } from 'node:fs';
import { reasonOf } from './errors.ts';

/** What lies at a path, for whoever wants a file there that ends, and is told why it is none. */
export type PathKind =
  | { readonly kind: 'file'; readonly bytes: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'folder' | 'other'; readonly reason: string };

export function pathKind(path: string): PathKind {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return { kind: 'missing' };
    if (stat.isFile()) return { kind: 'file', bytes: stat.size };
    if (stat.isDirectory()) return { kind: 'folder', reason: 'it is a folder' };
    return { kind: 'other', reason: 'it is no regular file' };
  } catch (error) {
    // A loop of links, a name that is too long, a folder that may not be entered.
    return { kind: 'other', reason: reasonOf(error) };
  }
}
