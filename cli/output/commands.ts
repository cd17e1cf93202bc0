/** Commands in what we print: as the reader would have to type them. */
import { printable } from '../../engine/terminal-text.ts';
import type { Io } from '../io.ts';

/** Hints name commands at their beginning, or after a colon, as `workbench …`. */
const command = /(^|[:;] )workbench (?=[a-z-])/g;

/** A hint of the catalogue with its commands called the way this process was. */
export function asTyped(io: Pick<Io, 'program'>, hint: string): string {
  return hint.replace(command, (_, before: string) => `${before}${io.program} `);
}

/**
 * Text with files of the current folder named from there, safe for a terminal. Only where a path
 * begins: in the middle of one the same letters are another folder.
 */
export function shown({ cwd }: Pick<Io, 'cwd'>, text: string): string {
  const near = text.replaceAll(`${cwd}/`, (found: string, at: number) =>
    beforePath.test(text.charAt(at - 1)) ? '' : found,
  );
  return printable(near);
}

/** What a path follows in our sentences, and in those of Node and SQLite; nothing at the start. */
const beforePath = /^[\s'"`(=]?$/;
