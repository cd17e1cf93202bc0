/** What a problem's message says could have been written instead. */
import { similarName } from '../similar.ts';

/** `did you mean "service"? allowed: at, id, service` */
export function suggestion(word: string, known: readonly string[], label = 'allowed'): string {
  const near = similarName(word, known);
  const shown = known.slice(0, 12).map((name) => clipped(name));
  const rest = known.length > shown.length ? ` and ${known.length - shown.length} more` : '';
  const list = known.length > 0 ? `${label}: ${shown.join(', ')}${rest}` : `there are none`;
  return near === null ? list : `did you mean "${near}"? ${list}`;
}

/** A word of the file for a message: short enough to read. */
export function clipped(word: string): string {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word;
}
