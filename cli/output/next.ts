/** The next command to type, as the last line of what went well. */
import { relative } from 'node:path';
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';
import type { Paint } from './style.ts';

/** How to see a run in the browser. */
export function serveLine(io: Pick<Io, 'cwd' | 'program'>, file: string, paint: Paint): string {
  return nextLine(io, `serve --open ${quoted(nearPath(io.cwd, file))}`, paint);
}

export function nextLine(io: Pick<Io, 'program'>, args: string, paint: Paint): string {
  return `${paint('dim', 'next'.padEnd(10))}${io.program} ${printable(args)}`;
}

/** A path as one would type it: from the current folder where it lies below it. */
export function nearPath(cwd: string, file: string): string {
  const near = relative(cwd, file);
  return near === '' || near.startsWith('..') ? file : near;
}

/** A word that a shell takes as one, whatever is in it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
