/** Everything the server says no with: the HTTP status and the body of the answer. */
import { ExitCode, WorkbenchError } from '../../engine/errors.ts';
import type { ApiError } from '../../engine/query/types.ts';

export interface Refusal {
  readonly status: number;
  readonly error: ApiError;
}

const refusal = (status: number, code: string, message: string, hint?: string): Refusal => ({
  status,
  error: hint === undefined ? { code, message } : { code, message, hint },
});

export const refusals = {
  malformed: refusal(400, 'MALFORMED_REQUEST', 'the request is not well-formed HTTP'),
  target: refusal(400, 'BAD_TARGET', 'the request target is not a plain path of this server'),
  bodyUnexpected: refusal(400, 'BODY_UNEXPECTED', 'a GET or HEAD request has no body here'),
  parameter: (message: string) => refusal(400, 'BAD_PARAMETER', message),
  body: (message: string) => refusal(400, 'BAD_BODY', message),
  token: refusal(
    401,
    'TOKEN_MISSING',
    'this request carries no valid token',
    'open the address that workbench printed in its terminal',
  ),
  host: refusal(403, 'FOREIGN_HOST', 'the Host header does not name this server'),
  origin: refusal(403, 'FOREIGN_ORIGIN', 'the request comes from another site'),
  header: refusal(403, 'HEADER_MISSING', 'a request that changes something needs x-workbench: 1'),
  route: refusal(404, 'NOT_FOUND', 'there is nothing at this address'),
  method: refusal(405, 'METHOD_NOT_ALLOWED', 'this address does not take that method'),
  playing: refusal(
    409,
    'PLAY_BUSY',
    'something is being played already',
    'wait until it is done, or run the command in a terminal',
  ),
  slow: refusal(408, 'TOO_SLOW', 'the request took too long to arrive'),
  bodyTooLarge: refusal(413, 'BODY_TOO_LARGE', 'the request body is too large'),
  mediaType: refusal(415, 'NOT_JSON', 'the request body must be application/json, not encoded'),
  expectation: refusal(417, 'EXPECTATION_FAILED', 'the server does not meet that expectation'),
  upgrade: refusal(426, 'UPGRADE_REQUIRED', 'this address takes WebSocket connections only'),
  headersTooLarge: refusal(431, 'HEADERS_TOO_LARGE', 'the request headers are too large'),
  noPlays: refusal(
    501,
    'PLAYS_NOTHING',
    'this server plays nothing',
    'run the command in a terminal',
  ),
  internal: refusal(500, 'INTERNAL', 'internal error; the terminal of workbench has the details'),
  clients: refusal(503, 'TOO_MANY_CLIENTS', 'too many pages are connected already'),
  busy: refusal(503, 'TOO_MANY_QUESTIONS', 'too many questions are waiting already', 'ask again'),
  waitedLong: refusal(
    503,
    'WAITED_TOO_LONG',
    'slower questions came first, and this one waited too long for its turn',
    'ask again',
  ),
  closing: refusal(
    503,
    'SERVER_CLOSING',
    'the server is closing',
    'start workbench again, and open the address that it prints',
  ),
  answerer: (reason: string) =>
    refusal(
      503,
      'ANSWERER_ENDED',
      `the process that answers questions ended: ${reason}`,
      'ask again',
    ),
} as const;

const statusByCode: Readonly<Record<string, number>> = {
  FILE_NOT_FOUND: 404,
  ILLEGAL_TRANSITION: 409,
  INCIDENT_NOT_FOUND: 404,
  NOT_IN_RESULTS: 404,
  NOT_IN_RUN: 404,
  PLAY_REFUSED: 409,
  RESULTS_DIFFER: 409,
  RESULTS_NOT_FOUND: 404,
  RUN_NOT_FOUND: 404,
  STORAGE_FULL: 507,
};
const statusByExitCode: Readonly<Record<number, number>> = {
  [ExitCode.badInput]: 400,
  [ExitCode.storage]: 503,
  [ExitCode.timeout]: 504,
};

/** What a throw becomes: operating errors are told, everything else is our bug and stays inside. */
export function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refused) return thrown.refusal;
  if (!(thrown instanceof WorkbenchError) || thrown.code === 'INTERNAL') return refusals.internal;
  const status = statusByCode[thrown.code] ?? statusByExitCode[thrown.exitCode] ?? 500;
  return refusal(status, thrown.code, thrown.message, thrown.hint);
}

/** Carries a refusal out of the depth of an answer. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.error.message);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}
