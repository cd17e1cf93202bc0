/**
 * The gate in front of everything, HTTP requests and WebSocket upgrades alike. Any web page that the
 * user visits can send requests to a local port, so nothing is answered before all checks have passed:
 *
 *   target → Host → Origin → Sec-Fetch-Site → token → form of a request that changes something
 *
 * The Host check is what stops DNS rebinding: a rebound GET carries no Origin and no Sec-Fetch-Site,
 * only the wrong Host.
 */
import type { IncomingMessage } from 'node:http';
import { limits } from '../../engine/limits.ts';
import { type Refusal, refusals } from './refusal.ts';

export interface Target {
  /** Starts with `/`; matches `plainPath`. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** What of a request the gate looks at. */
export type GatedRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>;

export type Kind = 'http' | 'upgrade';

/**
 * What a path of this server is made of: file names of the build and ids of runs. No segment starts
 * with a dot, only the last one may be empty, and nothing is percent-encoded.
 */
const plainPath = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/;
const printable = /^[!-~]+$/;
const methods: readonly string[] = ['GET', 'HEAD', 'POST'];

/** The request target as a path and a query; anything that needs interpretation is refused. */
export function readTarget(request: GatedRequest): Target | Refusal {
  const { method = '', url = '' } = request;
  if (!methods.includes(method)) return refusals.method;
  const [path = '', ...rest] = url.split('?');
  const query = rest.join('?');
  if (path === '' || !plainPath.test(path)) return refusals.target;
  if (query !== '' && (!printable.test(query) || /[#\\]|%00/.test(query))) return refusals.target;
  return { path, query: new URLSearchParams(query) };
}

/** Is the request addressed to us, and does it come from our own page or from no page at all? */
export function checkSender(request: GatedRequest, kind: Kind, port: number): Refusal | null {
  const { headers } = request;
  const host = headers.host;
  if (host === undefined || !ownHosts(port).includes(host) || countOf(request, 'host') !== 1) {
    return refusals.host;
  }
  const changes = kind === 'upgrade' || !isReading(request);
  const origin = headers.origin;
  if (origin === undefined ? changes : origin !== `http://${host}`) return refusals.origin;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return refusals.origin;
  return null;
}

/** Checks after the token: a change is JSON, says so, and no form or simple request can look like it. */
export function checkForm(request: GatedRequest): Refusal | null {
  const { headers } = request;
  const length = Number(headers['content-length'] ?? 0);
  if (isReading(request)) {
    const hasBody = length > 0 || headers['transfer-encoding'] !== undefined;
    return hasBody ? refusals.bodyUnexpected : null;
  }
  if (headers['x-workbench'] !== '1') return refusals.header;
  const type = headers['content-type'] ?? '';
  if (!/^application\/json(?:; *charset=utf-8)?$/i.test(type)) return refusals.mediaType;
  if (headers['content-encoding'] !== undefined) return refusals.mediaType;
  return length > limits.httpBodyBytesMax ? refusals.bodyTooLarge : null;
}

export function isRefusal(x: Target | Refusal): x is Refusal {
  return 'status' in x;
}

/** A browser leaves the default port out of Host and Origin. */
function ownHosts(port: number): readonly string[] {
  const suffix = port === 80 ? '' : `:${port}`;
  return ['127.0.0.1', 'localhost', '[::1]'].map((name) => name + suffix);
}

function isReading(request: GatedRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** `headers` keeps only the first of two Host lines; a proxy might have read the second. */
function countOf(request: GatedRequest, name: string): number {
  return request.rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === name).length;
}
