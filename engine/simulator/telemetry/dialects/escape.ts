/** Keeps text of users inside the field it was written to. */
import type { Fields } from './dialect.ts';

/** Text without line breaks: a forged second line would be read as one of the program's own. */
export function oneLine(text: string): string {
  if (!text.includes('\n') && !text.includes('\r')) return text;
  return text.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

/** A value of logfmt: bare where it has nothing to hide. */
export function logfmtValue(value: string | number): string {
  return typeof value === 'number' || /^[\w./:-]+$/.test(value)
    ? `${value}`
    : JSON.stringify(value);
}

/** ` name=value` of each field, for dialects of plain text. */
export function tail(fields: Fields | undefined): string {
  if (!fields) return '';
  let text = '';
  for (const [name, value] of fields) {
    text += ` ${name}=${typeof value === 'number' ? value : oneLine(value)}`;
  }
  return text;
}

/** As nginx writes what it got from a client: all but plain ASCII as the bytes of UTF-8. */
export function bytesEscaped(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return text;
  let escaped = '';
  for (const byte of new TextEncoder().encode(text)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    escaped += plain
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}
