/** One HTTP question to the workbench, and what can go wrong with it. */
import type { ApiError } from '../../../engine/query/types.ts';

/** Why a question has no answer, in words for the reader. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly hint: string | undefined;

  constructor(said: { code: string; message: string; hint?: string | undefined; status: number }) {
    super(said.message);
    this.name = 'Problem';
    this.code = said.code;
    this.status = said.status;
    this.hint = said.hint;
  }
}

/** The server can't be reached: nothing is wrong with the question. */
export const unreachable = 'UNREACHABLE';

/**
 * @param path below `/api/`, with its query
 * @throws Problem
 */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>(path, signal ? { signal } : {});
}

/** Sends what a person did. @throws Problem */
export async function tell<T>(path: string, body: unknown): Promise<T> {
  return send<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-workbench': '1' },
    body: JSON.stringify(body),
  });
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/${path}`, init);
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw new Problem({
      code: unreachable,
      status: 0,
      message: 'The workbench does not answer.',
      hint: 'Is `workbench` still running in its terminal?',
    });
  }
  if (!response.ok) throw await problemOf(response);
  // The parse boundary: the server's types are the contract, checked by its own tests.
  return (await response.json()) as T;
}

async function problemOf(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => null)) as Partial<ApiError> | null;
  return new Problem({
    status: response.status,
    code: said?.code ?? `HTTP_${response.status}`,
    message: said?.message ?? `The workbench answered ${response.status} ${response.statusText}.`,
    hint: said?.hint,
  });
}

/** Any throw as a Problem. */
export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem({ code: 'PAGE', status: 0, message });
}
