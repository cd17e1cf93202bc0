/**
 * Records as detectors see them, made from the columns of a batch. The text of a log is decoded only
 * when a hook reads it, which most never do; that is why it can be read during the hook only.
 */
import { spanStatuses, type BatchReader } from '../replay/batch.ts';
import {
  changeKinds,
  type Attributes,
  type Change,
  type LogRecord,
  type LogTemplate,
  type MetricPoint,
  type Micros,
  type Series,
  type SeverityNumber,
  type Span,
} from '../sdk/index.ts';
import type { TemplateBook } from '../templates/index.ts';

/** Lends a range's text to its records, and takes it back when the range is done. */
export class TextLoan {
  reader: BatchReader | null = null;
  readonly #templates: TemplateBook;

  constructor(templates: TemplateBook) {
    this.#templates = templates;
  }

  /** The template of a record, as it is known now. */
  template(i: number): LogTemplate {
    return this.#templates.at(this.open().columns.value[i] as number);
  }

  open(): BatchReader {
    if (this.reader !== null) return this.reader;
    throw new Error(
      'the text of a log can be read during its hook only; copy what the state needs',
    );
  }
}

const noAttributes: Attributes = Object.freeze({});

/** A log record whose text is decoded on demand. */
export class LogView implements LogRecord {
  readonly kind = 'log';
  readonly t: Micros;
  readonly service: string;
  readonly severity: SeverityNumber;
  readonly #loan: TextLoan;
  readonly #index: number;

  constructor(t: Micros, service: string, severity: SeverityNumber, loan: TextLoan, index: number) {
    this.t = t;
    this.service = service;
    this.severity = severity;
    this.#loan = loan;
    this.#index = index;
  }

  get body(): string {
    return this.#loan.open().body(this.#index);
  }

  get traceId(): string {
    return this.#loan.open().trace(this.#index);
  }

  get attributes(): Attributes {
    return parseAttributes(this.#loan.open().attributes(this.#index));
  }

  get template(): LogTemplate {
    return this.#loan.template(this.#index);
  }

  /** Makes `JSON.stringify` show the text too. */
  toJSON(): LogRecord {
    const { kind, t, service, severity, body, traceId, attributes, template } = this;
    return { kind, t, service, severity, body, traceId, attributes, template };
  }
}

/** Frozen: every detector of a shard is given the same object. */
export function pointAt(
  reader: BatchReader,
  i: number,
  of: { readonly series: Series; readonly requests: number | null },
): MetricPoint {
  const { series, requests } = of;
  const { t, value } = reader.columns;
  return Object.freeze({
    kind: 'metric',
    t: t[i] ?? 0,
    service: series.service,
    series,
    value: value[i] ?? 0,
    requests,
  });
}

export function spanAt(reader: BatchReader, i: number, service: string): Span {
  const { t, value, severity } = reader.columns;
  return Object.freeze({
    kind: 'span',
    t: t[i] ?? 0,
    service,
    name: reader.body(i),
    durationUs: value[i] ?? 0,
    status: spanStatuses[severity[i] ?? 0] ?? 'unset',
    traceId: reader.trace(i),
    spanId: reader.span(i),
    parentId: reader.parent(i),
    attributes: parseAttributes(reader.attributes(i)),
  });
}

export function changeAt(reader: BatchReader, i: number, service: string): Change {
  const { t, severity } = reader.columns;
  return Object.freeze({
    kind: 'change',
    t: t[i] ?? 0,
    service,
    change: changeKinds[severity[i] ?? 0] ?? 'other',
    note: reader.body(i),
    attributes: parseAttributes(reader.attributes(i)),
  });
}

/** The source wrote them, so they parse. */
function parseAttributes(text: string): Attributes {
  if (text === '') return noAttributes;
  const attributes: Attributes = JSON.parse(text);
  return Object.freeze(attributes);
}
