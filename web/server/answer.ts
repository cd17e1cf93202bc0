/** Writes answers. Whatever goes out, goes out with the security headers. */
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Headers, securityHeaders } from './headers.ts';
import { lockedPage, lockedPagePolicy } from './locked-page.ts';
import type { Refusal } from './refusal.ts';
import type { StaticFile } from './static-files.ts';

const json = 'application/json; charset=utf-8';

export class Answers {
  readonly #headers: Headers;

  constructor(policy: string) {
    this.#headers = securityHeaders(policy);
  }

  json(response: ServerResponse, text: Uint8Array): void {
    this.#send(response, 200, { 'Content-Type': json, 'Cache-Control': 'no-store' }, text);
  }

  file(request: IncomingMessage, response: ServerResponse, file: StaticFile): void {
    const headers = {
      ETag: file.etag,
      'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    };
    if (request.headers['if-none-match'] === file.etag) {
      this.#send(response, 304, headers);
    } else {
      this.#send(response, 200, { ...headers, 'Content-Type': file.type }, file.body);
    }
  }

  /** To a path that the server chose: one that a request could choose would be an open redirect. */
  redirect(response: ServerResponse, path: string, more: Headers = {}): void {
    this.#send(response, 303, { Location: path, 'Cache-Control': 'no-store', ...more });
  }

  locked(response: ServerResponse): void {
    const headers = {
      ...securityHeaders(lockedPagePolicy),
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
    };
    this.#send(response, 401, headers, Buffer.from(lockedPage));
  }

  /** Closes the connection too: what is left of the request's body is nobody's business. */
  refusal(response: ServerResponse, refusal: Refusal): void {
    const headers = { ...refusalHeaders(refusal), Connection: 'close' };
    this.#send(response, refusal.status, headers, stringify(refusal.error));
  }

  /** For a connection that never became a request, or asked for an upgrade. */
  rawRefusal(socket: Duplex, refusal: Refusal): void {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const body = stringify(refusal.error);
    const headers = {
      ...this.#headers,
      ...refusalHeaders(refusal),
      'Content-Length': String(body.length),
      Connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n`;
    // An upgraded socket is ours alone: nobody else listens to its errors or ends it.
    socket.on('error', () => socket.destroy());
    socket.end(Buffer.concat([Buffer.from(`${status}${lines.join('')}\r\n`), body]), () =>
      socket.destroy(),
    );
  }

  #send(response: ServerResponse, status: number, headers: Headers, body?: Uint8Array): void {
    const length: Headers = body ? { 'Content-Length': String(body.length) } : {};
    response.writeHead(status, { ...this.#headers, ...length, ...headers });
    response.end(body);
  }
}

function refusalHeaders(refusal: Refusal): Headers {
  const allow: Headers = refusal.status === 405 ? { Allow: 'GET, HEAD, POST' } : {};
  return { 'Content-Type': json, 'Cache-Control': 'no-store', ...allow };
}

function stringify(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
