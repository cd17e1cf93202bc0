/** The headers that every answer carries, errors and refused upgrades included. */
import { createHash } from 'node:crypto';

/** Kit's own route announcer has one inline style; this is its hash, and the only one allowed. */
const announcerStyle = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';

export type Headers = Readonly<Record<string, string>>;

/** Headers of every answer. There are no CORS headers: nobody else may read anything. */
export function securityHeaders(policy: string): Headers {
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

/** The policy of the app: its own files, and the inline script that kit wrote into the page. */
export function sitePolicy(indexHtml: string): string {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...inlineScriptHashes(indexHtml)].join(' '),
    `style-src 'self' 'unsafe-hashes' '${announcerStyle}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html sveltekit-trusted-url',
  ].join('; ');
}

/** The policy of a page of ours that has one style element and nothing else. */
export function plainPagePolicy(style: string): string {
  return [
    "default-src 'none'",
    `style-src '${hashSource(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Reads our own build output, so a pattern is enough: kit writes its script without nested tags. */
function inlineScriptHashes(html: string): string[] {
  const scripts = html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g);
  return Array.from(scripts, ([, text = '']) => `'${hashSource(text)}'`);
}

function hashSource(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
