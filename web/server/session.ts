/**
 * Who may ask. The token lives in memory and in an HttpOnly cookie, never in an address: the browser
 * is sent to an address with a single-use code, which the server exchanges for the cookie. Scripts
 * may send `Authorization: Bearer <token>` instead.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { limits } from '../../engine/limits.ts';

const codeBytes = 24;

export class Session {
  readonly #token: Buffer;
  readonly #cookieName: string;
  readonly #setCookie: string;
  readonly #now: () => number;
  /** By the hash of the code, in order of birth. */
  readonly #codes = new Map<string, { readonly endsAtMs: number; readonly path: string }>();

  constructor(options: { token: string; port: number; now: () => number }) {
    this.#token = hash(options.token);
    // Cookies know hosts, not ports: the name keeps two workbenches of one machine apart.
    this.#cookieName = `workbench-${options.port}`;
    this.#setCookie = `${this.#cookieName}=${options.token}; Path=/; HttpOnly; SameSite=Strict`;
    this.#now = options.now;
  }

  /** A fresh code, good once and for `limits.loginCodeMsMax`; it leads to a path of our own choice. */
  newCode(path: string): string {
    const code = randomBytes(codeBytes).toString('base64url');
    for (const oldest of this.#codes.keys()) {
      if (this.#codes.size < limits.loginCodesMax) break;
      this.#codes.delete(oldest);
    }
    const endsAtMs = this.#now() + limits.loginCodeMsMax;
    this.#codes.set(hash(code).toString('hex'), { endsAtMs, path });
    return code;
  }

  /** What a good code is worth; it is spent by this. null for any other. */
  exchange(code: string): { readonly setCookie: string; readonly path: string } | null {
    const key = hash(code).toString('hex');
    const found = this.#codes.get(key);
    this.#codes.delete(key);
    if (!found || this.#now() >= found.endsAtMs) return null;
    return { setCookie: this.#setCookie, path: found.path };
  }

  holdsToken(headers: IncomingHttpHeaders): boolean {
    const bearer = /^Bearer ([\w-]+)$/.exec(headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.#isToken(bearer);
    return cookiesNamed(this.#cookieName, headers.cookie ?? '').some((v) => this.#isToken(v));
  }

  /** Hashes are compared, so neither time nor an exception tells the token's length. */
  #isToken(candidate: string): boolean {
    return timingSafeEqual(hash(candidate), this.#token);
  }
}

/** All cookies of the name: another local page may have set one on a longer path, which comes first. */
function cookiesNamed(name: string, header: string): string[] {
  return header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
