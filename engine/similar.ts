/** `Did you mean` for names and files. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nearest } from './scenario/nearest.ts';

export { nearest as similarName };

/** A file of nearly the same name beside a missing one, for `did you mean`; null where there is none. */
export function similarFile(
  file: string,
  isCandidate: (name: string) => boolean = () => true,
): string | null {
  let names: string[];
  try {
    names = readdirSync(dirname(file));
  } catch (error) {
    // No such folder either: then there is nothing to suggest.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
  const near = nearest(basename(file), names.filter(isCandidate));
  return near === null ? null : join(dirname(file), near);
}
