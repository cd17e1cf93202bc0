import { distance } from 'fastest-levenshtein';

/** Longer words are no typing mistakes, and comparing them takes time. */
const charactersMax = 64;

/** The known word that was probably meant, or null where none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
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

function sorted(word: string): string {
  return [...word].sort().join('');
}

/** `did you mean "service"? allowed: at, id, service` */
export function suggestion(word: string, known: readonly string[], label = 'allowed'): string {
  const near = nearest(word, known);
  const shown = known.slice(0, 12).map((name) => clipped(name));
  const rest = known.length > shown.length ? ` and ${known.length - shown.length} more` : '';
  const list = known.length > 0 ? `${label}: ${shown.join(', ')}${rest}` : `there are none`;
  return near === null ? list : `did you mean "${near}"? ${list}`;
}

/** A word of the file for a message: short enough to read. */
export function clipped(word: string): string {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word;
}
