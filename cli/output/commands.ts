/** Commands in what we print: as the reader would have to type them. */
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';

/** Hints name commands at their beginning, or after a colon, as `workbench …`. */
const command = /(^|[:;] )workbench (?=[a-z-])/g;

/** A hint of the catalogue with its commands called the way this process was. */
export function asTyped(io: Pick<Io, 'program'>, hint: string): string {
  return hint.replace(command, (_, before: string) => `${before}${io.program} `);
}

/** Text with files of the current folder named from there, safe for a terminal. */
export function shown(io: Pick<Io, 'cwd'>, text: string): string {
  return printable(text.replaceAll(`${io.cwd}/`, ''));
}
