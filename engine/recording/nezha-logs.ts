/**
 * Log rows of Nezha: a CSV row around a docker json-file object around a line of the service, each
 * with a clock of its own. The row's clock (UTC, nanoseconds) counts; the line's is eight hours
 * ahead and has no date. Rows with Go's zero time carry the right one in their Timestamp column.
 */
import { severityNumbers } from '../sdk/index.ts';
import type { Intake } from './intake.ts';
import { severityInText } from './jsonl-logs.ts';
import { readNezhaRows } from './nezha-rows.ts';
import { selects, serviceOfPod } from './nezha-selection.ts';
import type { Selection } from './nezha-selection.ts';
import type { RawLog, RawRecord } from './raw-record.ts';
import { parseSeverity } from './severity.ts';
import { cleanName, fitAttributes, fitText } from './text-fields.ts';
import { parseTimestamp } from './timestamps.ts';
import type { Instant } from './timestamps.ts';

const columnNames = [
  'Timestamp',
  'TimeUnixNano',
  'Node',
  'PodName',
  'TraceID',
  'SpanID',
  'Log',
] as const;
type Cells = Readonly<Record<(typeof columnNames)[number], string>>;

export function readNezhaLogs(
  file: string,
  selection: Selection,
  intake: Intake,
): AsyncGenerator<readonly RawRecord[]> {
  const toRecord = (row: readonly string[]): RawLog | string | null => {
    const cells = cellsOf(row);
    const at = timeOf(cells, intake);
    if (at === null) return 'the timestamp cannot be read';
    return selects(selection, at.us) ? toLog(cells, at, intake) : null;
  };
  return readNezhaRows({ file, intake, columnNames, toRecord });
}

function cellsOf(row: readonly string[]): Cells {
  const [Timestamp = '', TimeUnixNano = '', Node = '', PodName = '', TraceID = ''] = row;
  const [SpanID = '', Log = ''] = row.slice(5);
  return { Timestamp, TimeUnixNano, Node, PodName, TraceID, SpanID, Log };
}

function timeOf(cells: Cells, intake: Intake): Instant | null {
  const at = parseTimestamp(cells.TimeUnixNano);
  if (at !== null) return at;
  const zoneless = parseTimestamp(cells.Timestamp);
  if (zoneless !== null) {
    intake.note(
      '{n} log rows carry a broken clock (Go zero time); their Timestamp column was used',
    );
  }
  return zoneless;
}

interface Line {
  readonly text: string;
  readonly severity: number;
  readonly logger: string;
}

function toLog(cells: Cells, at: Instant, intake: Intake): RawLog {
  const inner = innerLine(cells.Log);
  if (inner === null) {
    intake.note('{n} log rows hold damaged JSON; their raw text was kept');
  }
  const line = lineOf(inner ?? cells.Log);
  const body = fitText(line.text);
  const attributes = fitAttributes({
    pod: cells.PodName,
    node: cells.Node,
    logger: line.logger === '' ? null : line.logger,
    span_id: cells.SpanID === '' ? null : cells.SpanID,
    nanosecond: at.ns === 0 ? null : at.ns,
  });
  // Damaged by whoever recorded it: kept, but not whole.
  if (body.cut || attributes.cut || inner === null) intake.truncate();
  return {
    stream: 'log',
    at,
    service: cleanName(serviceOfPod(cells.PodName)),
    severity: line.severity,
    body: body.text,
    traceId: cleanName(cells.TraceID),
    attributes: attributes.json,
  };
}

/** The line inside of the docker object; null where the object is damaged. */
function innerLine(log: string): string | null {
  try {
    const parsed: unknown = JSON.parse(log);
    if (typeof parsed !== 'object' || parsed === null || !('log' in parsed)) return null;
    return typeof parsed.log === 'string' ? parsed.log.replace(/\n$/, '') : null;
  } catch {
    return null;
  }
}

/** `17:20:54.004 INFO  o.s.OrderServiceImpl#365 TraceID: … SpanID: … text` */
const javaLine = /^\d\d:\d\d:\d\d\.\d{3} +([A-Z]+) +(\S+) +/;
const ids = /TraceID: \S* SpanID: \S* ?/;

/** What the line says, without what has a column of its own. */
function lineOf(text: string): Line {
  const match = javaLine.exec(text);
  if (match) {
    return {
      text: text.slice(match[0].length).replace(ids, ''),
      severity: parseSeverity(match[1], 'auto') ?? severityNumbers.info,
      logger: match[2] ?? '',
    };
  }
  const structured = structuredLine(text);
  if (structured) return structured;
  const severity = severityInText(text) ?? severityNumbers.info;
  return { text: text.replace(ids, ''), severity, logger: '' };
}

/** Online Boutique's services log JSON of their own. */
function structuredLine(text: string): Line | null {
  if (!text.startsWith('{')) return null;
  try {
    const parsed = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const message = parsed['message'];
    if (typeof message !== 'string') return null;
    const severity = parseSeverity(parsed['severity'] ?? parsed['level'], 'auto');
    return {
      text: message.replace(ids, ''),
      severity: severity ?? severityNumbers.info,
      logger: cleanName(parsed['name'] ?? parsed['logger']),
    };
  } catch {
    return null;
  }
}
