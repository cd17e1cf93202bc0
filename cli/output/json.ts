/**
 * What `--json` prints: one object, one line. Controls that JSON lets through are escaped, so whoever
 * reads along in a terminal is safe, and whoever parses gets the very same text.
 */
import type { Io } from '../io.ts';

/** What JSON.stringify leaves as it is: DEL, 8-bit controls, reading direction, private characters. */
const unprintable = /\p{C}/gu;
/** The common case needs no work. */
const plain = /^[\x20-\x7e]*$/;

export function jsonLine(object: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(object);
  return `${plain.test(json) ? json : json.replace(unprintable, escaped)}\n`;
}

/** An object of the protocol of `--json`, on stdout. */
export function emit(io: Pick<Io, 'stdout'>, object: Readonly<Record<string, unknown>>): void {
  io.stdout.write(jsonLine({ schema: 1, ...object }));
}

function escaped(character: string): string {
  // One or two UTF-16 units.
  const units = character.split('');
  return units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}
