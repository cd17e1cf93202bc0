import type { IncomingMessage } from 'node:http';

/**
 * Takes what went wrong, one line each: requests that were refused, and failures of our own. Lines are
 * printable ASCII and hold neither token nor code.
 */
export type ServerLog = (line: string, kind: 'refused' | 'failed') => void;

/** Longest part of an address that reaches the log. */
const pathCharsMax = 200;

/**
 * One line of the server's log. Addresses come from strangers: the query, where the login code is,
 * is left out, and nothing but printable ASCII gets through, so no line can be forged.
 */
export function logLine(request: Pick<IncomingMessage, 'method' | 'url'>, what: string): string {
  const path = (request.url ?? '').split('?')[0] ?? '';
  return printableAscii(`${request.method ?? '-'} ${path.slice(0, pathCharsMax)} ${what}`);
}

export function printableAscii(text: string): string {
  return text.replace(/[^ -~]/g, '?');
}
