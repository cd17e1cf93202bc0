/** The name that was probably meant, for every `did you mean`. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { distance } from 'fastest-levenshtein';

/** Longer words are no typing mistakes, and comparing them takes time. */
const charactersMax = 64;

/** The known name that was probably meant, or null where none is near. */
export function similarName(word: string, known: readonly string[]): string | null {
  if (word.length > charactersMax) return null;
  const plain = word.toLowerCase();
  const letters = sorted(plain);
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    // As many steps at least as one word is longer.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const other = candidate.toLowerCase();
    // Two letters in the wrong order are one slip, which an edit distance counts as two.
    const swapped = other.length === plain.length && sorted(other) === letters;
    const steps = swapped ? 1 : distance(plain, other);
    if (steps < bestDistance) [best, bestDistance] = [candidate, steps];
  }
  return best;
}

/** A file of nearly the same name beside a missing one; null where there is none. */
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
  const near = similarName(basename(file), names.filter(isCandidate));
  return near === null ? null : join(dirname(file), near);
}

function sorted(word: string): string {
  return [...word].sort().join('');
}
