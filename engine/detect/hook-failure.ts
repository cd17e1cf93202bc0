/**
 * What a plugin threw, with the place in its author's file. TypeScript runs with its types taken out,
 * which moves columns: where that was is looked up after the hook, when the guard is asleep, for looking
 * up reads the file.
 */
import { readFileSync } from 'node:fs';
import { createRequire, SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf } from '../errors.ts';
import { limits } from '../limits.ts';
import type { TelemetryRecord } from '../sdk/index.ts';
import { momentText } from '../wording.ts';
import type { Lane } from './lane.ts';
import type { Rejection, ShardFailure, ShardOutput } from './protocol.ts';

/** A place in the code that ran. */
export interface RunPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The file ran as something else than was written in it. */
  readonly translated: boolean;
  /** What a reader calls the file. */
  readonly shownAs: string;
}

interface Placed {
  readonly place: RunPlace | null;
}

export type HostFailure = ShardFailure & Placed & { readonly event: string };
export type HostRejection = Rejection & Placed;

/** The output of a host whose failures do not name their places yet. */
export type HostOutput = Omit<ShardOutput, 'failures' | 'rejected'> & {
  readonly failures: readonly HostFailure[];
  readonly rejected: readonly HostRejection[];
};

export function hookFailure(
  thrown: unknown,
  file: string,
): { readonly reason: string; readonly place: RunPlace | null } {
  const reason = reasonOf(thrown).slice(0, limits.findingValueCharsMax);
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  return { reason, place: placeIn(stack, file) };
}

/** `, on the log "refused" of web at T+04:10`. */
export function eventText({ context, subject }: Lane, record: TelemetryRecord | null): string {
  const at = `at ${momentText(context.now)}`;
  if (record === null) return `, for ${subject.subject.key} ${at}`;
  return `, on the ${recordText(record)} of ${record.service} ${at}`;
}

/** UTF-16 units of a record's text that tell it apart. */
const recordCharsMax = 80;

function recordText(record: TelemetryRecord): string {
  const quoted = (text: string): string => JSON.stringify(text.slice(0, recordCharsMax));
  switch (record.kind) {
    case 'log':
      return `log ${quoted(record.body)}`;
    case 'metric':
      return `point ${record.value} of ${record.series.name}`;
    case 'span':
      return `span ${quoted(record.name)}`;
    case 'change':
      return `${record.change} ${quoted(record.note)}`;
    default:
      return record satisfies never;
  }
}

/** The same output with places as their authors know them. Not for the time in which hooks run. */
export function withPlaces(output: HostOutput): ShardOutput {
  return {
    ...output,
    failures: output.failures.map(({ place, event, ...failure }) => ({
      ...failure,
      reason: `${failure.reason}${placeText(place)}${event}`,
    })),
    rejected: output.rejected.map(({ place, ...rejection }) => ({
      ...rejection,
      reason: `${rejection.reason}${placeText(place)}`,
    })),
  };
}

function placeText(place: RunPlace | null): string {
  return place === null ? '' : ` (${place.shownAs}:${authorPlace(place)})`;
}

/** The innermost frame in a file of the author's: the detector's own, or one in its folder. */
export function placeIn(stack: string, file: string): RunPlace | null {
  for (const frame of stack.split('\n')) {
    const [, where = '', line, column] =
      /^\s+at .*?\(?((?:file:\/\/)?\/[^()]*?):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    const native = where.startsWith('file://');
    const path = native ? fileURLToPath(where) : where;
    const shownAs = shownIn(path, file);
    if (shownAs === null) continue;
    return { file: path, line: Number(line), column: Number(column), translated: !native, shownAs };
  }
  return null;
}

/** What the file is called beside the detector's; null where it is none of the author's. */
function shownIn(path: string, file: string): string | null {
  // A built-in is known by its id; its file is `plugins/<id>/detector.js`.
  if (!file.includes('/')) return path.includes(`/${file}/detector.`) ? file : null;
  const fromFolder = relative(dirname(file), path);
  if (path === '' || fromFolder.startsWith('..') || /(^|[\\/])node_modules[\\/]/.test(fromFolder))
    return null;
  return fromFolder;
}

/** `line:column` in what the author wrote; the line alone where the column is not known. */
export function authorPlace({ file, line, column, translated }: RunPlace): string {
  if (!translated) return `${line}:${column}`;
  // The first line begins with what the loader puts before a module.
  const entry = line > 1 ? sourceMapOf(file)?.findEntry(line - 1, column - 1) : undefined;
  const origin: { originalLine?: number; originalColumn?: number } = entry ?? {};
  if (origin.originalLine === undefined || origin.originalColumn === undefined) return String(line);
  return `${origin.originalLine + 1}:${origin.originalColumn + 1}`;
}

/** How the loader translates the file; null where it cannot any more. */
function sourceMapOf(file: string): SourceMap | null {
  try {
    const { createJiti } = createRequire(import.meta.url)('jiti') as typeof import('jiti');
    const jiti = createJiti(file, { interopDefault: false, sourceMaps: true, fsCache: false });
    const source = readFileSync(file, 'utf8');
    const code = jiti.transform({
      source,
      filename: file,
      ts: /\.[cm]?ts$/.test(file),
      async: true,
    });
    const [, encoded] = /sourceMappingURL=data:[^,]*;base64,(\S+)/.exec(code) ?? [];
    if (encoded === undefined) return null;
    const payload: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString());
    return new SourceMap(payload as SourceMapPayload);
  } catch (error) {
    // The file is gone, or another one since it was loaded: its line still says something.
    if (error instanceof Error) return null;
    throw error;
  }
}
