/** Spans of Nezha: one row each, with start and end in nanoseconds. */
import type { Intake } from './intake.ts';
import { readNezhaRows } from './nezha-rows.ts';
import { selects, serviceOfPod } from './nezha-selection.ts';
import type { Selection } from './nezha-selection.ts';
import type { RawRecord, RawSpan } from './raw-record.ts';
import { cleanName, fitAttributes, fitText } from './text-fields.ts';
import { parseTimestamp } from './timestamps.ts';

const columnNames = [
  'TraceID',
  'SpanID',
  'ParentID',
  'PodName',
  'OperationName',
  'StartTimeUnixNano',
  'EndTimeUnixNano',
] as const;

export function readNezhaSpans(
  file: string,
  selection: Selection,
  intake: Intake,
): AsyncGenerator<readonly RawRecord[]> {
  const toRecord = (cells: readonly string[]): RawSpan | string | null => {
    const span = toSpan(cells);
    return typeof span === 'string' || selects(selection, span.at.us) ? span : null;
  };
  return readNezhaRows({ file, intake, columnNames, toRecord });
}

function toSpan(cells: readonly string[]): RawSpan | string {
  const [trace = '', span = '', parent = '', pod = '', operation = '', from, to] = cells;
  const start = parseTimestamp(from);
  const end = parseTimestamp(to);
  if (start === null || end === null) return 'the timestamp cannot be read';
  const durationUs = Math.round(end.us - start.us + (end.ns - start.ns) / 1000);
  if (durationUs < 0) return 'it ends before it starts';
  return {
    stream: 'span',
    at: end,
    service: cleanName(serviceOfPod(pod)),
    name: fitText(operation, 1024).text,
    durationUs,
    // The recording has no status.
    status: 0,
    traceId: cleanName(trace),
    spanId: cleanName(span),
    parentId: parent === 'root' ? '' : cleanName(parent),
    attributes: fitAttributes({ pod, nanosecond: end.ns === 0 ? null : end.ns }).json,
  };
}
