/** Bytes of a recording: regular files only, gzip recognised by its magic bytes, never by name. */
import { closeSync, createReadStream, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { WorkbenchError, reasonOf } from '../errors.ts';
import { limits } from '../limits.ts';
import { pathKind } from '../path-kind.ts';
import { similarFile } from '../similar.ts';
import type { Intake } from './intake.ts';

/** Bytes of one read: big enough to pay for the system call, small enough to stay in the cache. */
const chunkBytes = 256 * 1024;

/** Throws SOURCE_MISSING or RECORDING_UNREADABLE unless the path is a regular file. */
export function requireFile(file: string): void {
  const found = pathKind(file);
  if (found.kind === 'missing') throw missing(file);
  // A device or a pipe never ends, and a folder is the mistake of a moment.
  if (found.kind !== 'file') {
    throw new WorkbenchError('RECORDING_UNREADABLE', { file, reason: found.reason });
  }
}

/** Throws SOURCE_OUTSIDE unless the path lies in one of the folders, links followed. */
export function requireWithin(path: string, folders: readonly string[] | undefined): void {
  if (folders === undefined) return;
  const real = realPath(path);
  const isBelow = (root: string): boolean =>
    real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
  if (folders.some((folder) => isBelow(realPath(folder)))) return;
  throw new WorkbenchError('SOURCE_OUTSIDE', { file: path, folder: dirname(path) });
}

/** Of what does not exist too, which must not be told of a place that may not be looked at. */
function realPath(path: string): string {
  if (existsSync(path) || path === dirname(path)) return realpathSync(path);
  return join(realPath(dirname(path)), basename(path));
}

/** Throws SOURCE_MISSING or RECORDING_UNREADABLE unless the path is a folder. */
export function requireFolder(folder: string): void {
  const found = pathKind(folder);
  if (found.kind === 'missing') throw missing(folder);
  if (found.kind === 'folder') return;
  const reason = found.kind === 'file' ? 'it is no folder' : found.reason;
  throw new WorkbenchError('RECORDING_UNREADABLE', { file: folder, reason });
}

function missing(file: string): WorkbenchError {
  const suggestion = similarFile(file);
  return new WorkbenchError('SOURCE_MISSING', suggestion ? { file, suggestion } : { file });
}

/**
 * The plain bytes of a file. A gzip stream that ends early gives what it holds and counts one
 * rejection: a recording cut off by a crash is worth reading. Damage inside is an error.
 */
export async function* readBytes(file: string, intake: Intake): AsyncGenerator<Buffer> {
  requireFile(file);
  const raw = createReadStream(file, { highWaterMark: chunkBytes });
  const gunzip = isGzip(file) ? createGunzip({ chunkSize: chunkBytes }) : null;
  const bytes: Readable = gunzip ? raw.pipe(gunzip) : raw;
  raw.on('error', (error) => bytes.destroy(error));
  let unpacked = 0;
  try {
    for await (const chunk of bytes) {
      unpacked += (chunk as Buffer).length;
      if (gunzip && isBomb(unpacked, raw.bytesRead)) {
        const reason = `it unpacks to more than ${limits.unpackRatioMax} times its size`;
        throw new WorkbenchError('RECORDING_UNREADABLE', { file, reason });
      }
      yield chunk as Buffer;
    }
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    if (!isEarlyEnd(error)) {
      throw new WorkbenchError(
        'RECORDING_UNREADABLE',
        { file, reason: reasonOf(error) },
        { cause: error },
      );
    }
    intake.reject({ file, line: 0, reason: 'the gzip stream ends early' });
  } finally {
    raw.destroy();
  }
}

function isBomb(unpacked: number, packed: number): boolean {
  return unpacked > limits.unpackFreeBytes && unpacked > packed * limits.unpackRatioMax;
}

function isGzip(file: string): boolean {
  const head = Buffer.alloc(2);
  const fd = openSync(file, 'r');
  try {
    return readSync(fd, head) === 2 && head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    closeSync(fd);
  }
}

function isEarlyEnd(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
}
