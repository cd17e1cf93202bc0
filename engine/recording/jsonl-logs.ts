/**
 * Log records from JSON lines. Loggers agree on nothing but the braces, so each field is looked for
 * under its usual names, flat (`service.name`) and nested; the scenario can name it instead.
 */
import { limits } from '../limits.ts';
import { severityNumbers } from '../sdk/index.ts';
import type { SourceModel } from '../scenario/model.ts';
import { requireFile } from './file-bytes.ts';
import type { Intake } from './intake.ts';
import { jsonlFieldNames } from './model.ts';
import type { JsonlField } from './model.ts';
import { textOption, tableOption } from './options.ts';
import type { Part, RawLog, RawRecord } from './raw-record.ts';
import { levelScales, parseSeverity } from './severity.ts';
import type { LevelScale } from './severity.ts';
import { cleanName, cutMarker, fitAttributes, fitText } from './text-fields.ts';
import { readLines } from './text-lines.ts';
import { parseTimestamp } from './timestamps.ts';
import type { Instant } from './timestamps.ts';

interface Layout {
  readonly names: Readonly<Record<JsonlField, readonly string[]>>;
  readonly service: string;
  readonly scale: LevelScale;
}

/** Name of the service of records that name none, where the scenario gives none either. */
export const unknownService = 'unknown_service';

export function jsonlLogs(source: SourceModel): readonly Part[] {
  requireFile(source.path);
  const layout = layoutOf(source);
  return [
    { file: source.path, covers: null, read: (intake) => readLogs(source.path, layout, intake) },
  ];
}

function layoutOf(source: SourceModel): Layout {
  const given = tableOption(source, 'fields');
  const names = { ...jsonlFieldNames };
  for (const field of Object.keys(jsonlFieldNames) as JsonlField[]) {
    const named = given[field];
    if (typeof named === 'string') names[field] = [named];
  }
  const scale = levelScales.find((known) => known === textOption(source, 'levels')) ?? 'auto';
  return { names, service: textOption(source, 'service') ?? unknownService, scale };
}

async function* readLogs(
  file: string,
  layout: Layout,
  intake: Intake,
): AsyncGenerator<readonly RawRecord[]> {
  for await (const block of readLines(file, intake)) {
    const records: RawLog[] = [];
    for (const [i, line] of block.lines.entries()) {
      if (line.length === 0) continue;
      const result = block.cut.has(i)
        ? salvageLine(line, layout, intake)
        : parseLine(line, layout, intake);
      if (typeof result === 'string')
        intake.reject({ file, line: block.first + i, reason: result });
      else records.push(result);
    }
    intake.accept(records.length);
    if (records.length > 0) yield records;
  }
}

/** The record of a line, or why there is none. */
function parseLine(line: string, layout: Layout, intake: Intake): RawLog | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return 'not JSON';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return 'not a JSON object';
  }
  try {
    return toRecord(parsed as Readonly<Record<string, unknown>>, line, layout, intake);
  } catch (error) {
    // Objects nested by the ten thousand overflow the stack of JSON.stringify.
    if (error instanceof RangeError) return 'nested too deeply';
    throw error;
  }
}

function toRecord(
  entry: Readonly<Record<string, unknown>>,
  line: string,
  layout: Layout,
  intake: Intake,
): RawLog | string {
  const used: string[] = [];
  const time = find(entry, layout.names.time, used);
  const at = parseTimestamp(exact(time, line, used[0]));
  if (at === null)
    return time === undefined
      ? `no timestamp (looked for ${layout.names.time.join(', ')})`
      : 'the timestamp cannot be read';
  const level = find(entry, layout.names.severity, used);
  const service = serviceOf(find(entry, layout.names.service, used)) || layout.service;
  const body = fitText(textOf(find(entry, layout.names.body, used)));
  const traceId = traceOf(entry, layout.names.trace, used);
  const attributes = fitAttributes(withNanoseconds(entry, at), used);
  if (body.cut || attributes.cut) intake.truncate();
  return {
    stream: 'log',
    at,
    service,
    severity:
      parseSeverity(level, scaleOf(layout, used)) ??
      severityInText(body.text) ??
      severityNumbers.info,
    body: body.text,
    traceId,
    attributes: attributes.json,
  };
}

/** Finds a field and notes the top-level key that it came from. */
function find(
  entry: Readonly<Record<string, unknown>>,
  names: readonly string[],
  used: string[],
): unknown {
  for (const name of names) {
    if (Object.hasOwn(entry, name) && entry[name] !== null) {
      used.push(name);
      return entry[name];
    }
    if (!name.includes('.')) continue;
    const [head = '', ...path] = name.split('.');
    let value: unknown = Object.hasOwn(entry, head) ? entry[head] : undefined;
    for (const key of path) value = isObject(value) ? value[key] : undefined;
    if (value !== undefined && value !== null) {
      // A nested field stays among the attributes too: its siblings do.
      used.push(name);
      return value;
    }
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The digits as written where JSON.parse has rounded them: nanoseconds do not fit a double. */
function exact(value: unknown, line: string, key: string | undefined): unknown {
  if (typeof value !== 'number' || value < Number.MAX_SAFE_INTEGER || key === undefined) {
    return value;
  }
  const quoted = JSON.stringify(key);
  for (let at = line.indexOf(quoted); at >= 0; at = line.indexOf(quoted, at + 1)) {
    const digits = /^\s*:\s*(\d{16,19})\b/.exec(
      line.slice(at + quoted.length, at + quoted.length + 64),
    )?.[1];
    // The same key may lie in an object before it, with another number.
    if (digits !== undefined && Number(digits) === value) return digits;
  }
  return value;
}

function serviceOf(value: unknown): string {
  return cleanName(isObject(value) ? value['name'] : value);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.endsWith('\n') ? value.slice(0, -1) : value;
  if (value === undefined) return '';
  if (isObject(value) && typeof value['stringValue'] === 'string') return value['stringValue'];
  return JSON.stringify(value);
}

/** Anything longer than a trace id of any tracer stays among the attributes. */
function traceOf(
  entry: Readonly<Record<string, unknown>>,
  names: readonly string[],
  used: string[],
): string {
  const value = find(entry, names, used);
  if (typeof value === 'string' && value.length <= 64) return cleanName(value);
  if (value !== undefined) used.pop();
  return '';
}

function withNanoseconds(
  entry: Readonly<Record<string, unknown>>,
  at: Instant,
): Readonly<Record<string, unknown>> {
  return at.ns === 0 ? entry : { ...entry, nanosecond: at.ns };
}

/** `severity_number` says by its name what its numbers are. */
function scaleOf(layout: Layout, used: readonly string[]): LevelScale {
  if (layout.scale !== 'auto') return layout.scale;
  return used.some((key) => key === 'severity_number' || key === 'severityNumber')
    ? 'otel'
    : 'auto';
}

const levelWord = /\b(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b/;

/** A level in capitals near the start of a line that has no field for it, as in container logs. */
export function severityInText(body: string): number | undefined {
  const match = levelWord.exec(body.slice(0, 64));
  return match ? parseSeverity(match[1], 'auto') : undefined;
}

/** A line cut at the limit is no JSON any more; its text is kept where its time can be seen. */
function salvageLine(line: string, layout: Layout, intake: Intake): RawLog | string {
  const head = line.slice(0, limits.bodyCharsMax);
  const scalar = (names: readonly string[]): string | undefined => {
    for (const name of names) {
      const from = head.indexOf(`"${name}"`);
      const match = from < 0 ? null : /^"[^"]*"\s*:\s*("[^"\\]*"|[\d.]+)/.exec(head.slice(from));
      if (match?.[1]) return match[1].replaceAll('"', '');
    }
    return undefined;
  };
  const at = parseTimestamp(scalar(layout.names.time));
  if (at === null) return 'longer than the limit, and no timestamp near its start';
  intake.truncate();
  return {
    stream: 'log',
    at,
    service: cleanName(scalar(layout.names.service)) || layout.service,
    severity: parseSeverity(scalar(layout.names.severity), layout.scale) ?? severityNumbers.info,
    body: fitText(head.slice(0, -cutMarker.length)).text + cutMarker,
    traceId: '',
    attributes: '',
  };
}
