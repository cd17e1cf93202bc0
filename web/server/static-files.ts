/**
 * The built page, read into memory once. A request can only name a key of this map, so no file path
 * is ever made from an address and there is nothing to traverse.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { WorkbenchError } from '../../engine/errors.ts';

export interface StaticFile {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
  /** The name carries a hash of the content, so a browser may keep it for good. */
  readonly immutable: boolean;
}

export interface Site {
  /** The file at a path, the app's page at a path of its router, or null. */
  find(path: string): StaticFile | null;
  readonly indexHtml: string;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Throws SITE_MISSING where the page was not built. */
export function loadSite(folder: string): Site {
  if (!existsSync(join(folder, 'index.html'))) throw new WorkbenchError('SITE_MISSING', { folder });
  const files = new Map<string, StaticFile>();
  readFolder(folder, '/', files);
  const index = readStaticFile(join(folder, 'index.html'), '/index.html');
  files.set('/', index);
  return {
    find(path) {
      const file = files.get(path);
      if (file) return file;
      // What looks like a file of a build is one that we do not have; the rest the app's router knows.
      return path.startsWith('/_app/') || types[extname(path)] !== undefined ? null : index;
    },
    indexHtml: index.body.toString('utf8'),
  };
}

/** Regular files only: a link in the build folder might lead out of it. */
function readFolder(folder: string, prefix: string, files: Map<string, StaticFile>): void {
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name);
    if (item.isDirectory()) readFolder(path, `${prefix}${item.name}/`, files);
    else if (item.isFile()) files.set(prefix + item.name, readStaticFile(path, prefix + item.name));
  }
}

function readStaticFile(file: string, key: string): StaticFile {
  const body = readFileSync(file);
  return {
    body,
    type: types[extname(key)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    immutable: key.startsWith('/_app/immutable/'),
  };
}
