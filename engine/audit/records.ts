/** One pass over a source. What is not observed is not even decoded, and nothing is kept. */
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { BatchReader, BatchWriter, Kind, makeSlot } from '../replay/batch.ts';
import type { Source } from '../replay/source.ts';
import type { Micros } from '../sdk/index.ts';

/** Listens to some kinds of records. Services and series are indexes into the source's header. */
export interface RecordObserver {
  readonly log?: (t: Micros, service: number, severity: number, body: string) => void;
  readonly metric?: (t: Micros, series: number, value: number) => void;
  readonly span?: (t: Micros, service: number, span: ObservedSpan) => void;
  readonly change?: (t: Micros, service: number, change: ObservedChange) => void;
}

export interface ObservedSpan {
  readonly name: string;
  readonly durationUs: Micros;
  /** A JSON object, or ''. */
  readonly attributes: string;
}

export interface ObservedChange {
  /** Index into `changeKinds`. */
  readonly kind: number;
  readonly note: string;
  readonly attributes: string;
}

/**
 * Reads a source to its end and closes it.
 * @param scenario its name, for complaints
 * @throws WorkbenchError AUDIT_TOO_LARGE
 */
export function observe(
  source: Source,
  observers: readonly RecordObserver[],
  scenario: string,
): void {
  const slot = makeSlot();
  const writer = new BatchWriter(slot);
  const batch = new BatchReader(slot);
  const tell = listeners(observers);
  let records = 0;
  try {
    for (;;) {
      writer.reset();
      if (source.next(writer) === null) return;
      records += writer.count;
      if (records > limits.recordsMax) throw tooLarge(scenario, limits.recordsMax, 'records');
      batch.open(writer);
      for (let i = 0; i < writer.count; i++) tellOne(batch, i, tell);
    }
  } finally {
    source.close();
  }
}

export function tooLarge(scenario: string, limit: number, what: string): WorkbenchError {
  return new WorkbenchError('AUDIT_TOO_LARGE', { scenario, limit, what });
}

interface Listeners {
  readonly log: readonly NonNullable<RecordObserver['log']>[];
  readonly metric: readonly NonNullable<RecordObserver['metric']>[];
  readonly span: readonly NonNullable<RecordObserver['span']>[];
  readonly change: readonly NonNullable<RecordObserver['change']>[];
}

function listeners(observers: readonly RecordObserver[]): Listeners {
  return {
    log: observers.flatMap(({ log }) => log ?? []),
    metric: observers.flatMap(({ metric }) => metric ?? []),
    span: observers.flatMap(({ span }) => span ?? []),
    change: observers.flatMap(({ change }) => change ?? []),
  };
}

function tellOne(batch: BatchReader, i: number, tell: Listeners): void {
  const { columns } = batch;
  const t = columns.t[i] as number;
  const subject = columns.subject[i] as number;
  switch (columns.kind[i]) {
    case Kind.metric:
      for (const metric of tell.metric) metric(t, subject, columns.value[i] as number);
      break;
    case Kind.log:
      if (tell.log.length > 0) {
        const body = batch.body(i);
        for (const log of tell.log) log(t, subject, columns.severity[i] as number, body);
      }
      break;
    case Kind.span:
      if (tell.span.length > 0) {
        const durationUs = columns.value[i] as number;
        const span = { name: batch.body(i), durationUs, attributes: batch.attributes(i) };
        for (const listen of tell.span) listen(t, subject, span);
      }
      break;
    default:
      if (tell.change.length > 0) {
        const kind = columns.severity[i] as number;
        const change = { kind, note: batch.body(i), attributes: batch.attributes(i) };
        for (const listen of tell.change) listen(t, subject, change);
      }
  }
}
