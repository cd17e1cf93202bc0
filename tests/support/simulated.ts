/** Scenarios of the simulator's tests, in the public format, and what a source gives as plain records. */
import { BatchReader, BatchWriter, Kind, makeSlot } from '../../engine/replay/batch.ts';
import type { Source } from '../../engine/replay/source.ts';
import { scenarioReader, type SimulatedScenario } from '../../engine/scenario/index.ts';

const reader = scenarioReader();

export function simulated(text: string): SimulatedScenario {
  const head = 'apiVersion: workbench/v1\nkind: simulated\nname: case\n';
  const result = reader.parse({ file: '/scenarios/case.yaml', text: head + text });
  if (result.scenario?.kind === 'simulated') return result.scenario;
  throw new Error(`not a scenario: ${JSON.stringify(result, null, 2)}`);
}

/** A shop in small: an entry with retries, a service with a pool, a database. */
export function shop(
  options: {
    readonly faults?: string;
    readonly services?: string;
    readonly traffic?: string;
    readonly changes?: string;
    readonly duration?: string;
  } = {},
): SimulatedScenario {
  return simulated(`seed: 5
duration: ${options.duration ?? '2m'}
services:
  - name: web
    instances: 2
    workers: 16
    queue: 16
    endpoints:
      - name: POST /checkout
        service_time: { p50: 4ms, p99: 20ms }
        calls:
          - { to: checkout, endpoint: POST /orders, timeout: 2s, retries: { max: 2, backoff: 100ms } }
  - name: checkout
    instances: 2
    workers: 8
    queue: 8
    pools: [{ name: orders-db, size: 4, timeout: 1500ms }]
    endpoints:
      - name: POST /orders
        service_time: { p50: 8ms, p99: 60ms }
        calls: [{ to: orders-db, pool: orders-db, timeout: 1s }]
  - { name: orders-db, kind: database, instances: 1, workers: 6, queue: 4, service_time: { p50: 10ms, p99: 40ms } }
${options.services ?? ''}
traffic:
  - { entry: web, endpoint: POST /checkout, rate: 40/s }
${options.traffic ?? ''}
${options.changes === undefined ? '' : `changes:\n${options.changes}`}
${options.faults === undefined ? '' : `faults:\n${options.faults}`}
telemetry: { log_sample: 100%, trace_sample: 100%, metric_interval: 5s }
`);
}

/** One record as plain data; `subject` is a series for metrics, else a service. */
export interface PlainRecord {
  readonly kind: keyof typeof Kind;
  readonly t: number;
  readonly subject: number;
  readonly severity: number;
  readonly value: number;
  readonly body: string;
  readonly trace: string;
  readonly span: string;
  readonly parent: string;
  readonly attributes: string;
}

const kinds = ['log', 'metric', 'span', 'change'] as const;

/** All that a source gives, and the watermark after each batch. */
export function drain(source: Source): {
  readonly records: PlainRecord[];
  readonly marks: { readonly through: number; readonly count: number }[];
} {
  const slot = makeSlot();
  const writer = new BatchWriter(slot);
  const batch = new BatchReader(slot);
  const records: PlainRecord[] = [];
  const marks: { through: number; count: number }[] = [];
  for (;;) {
    writer.reset();
    const next = source.next(writer);
    if (next === null) return { records, marks };
    batch.open(writer);
    marks.push({ through: next.through, count: writer.count });
    const { kind, t, subject, severity, value } = batch.columns;
    for (let i = 0; i < writer.count; i++) {
      records.push({
        kind: kinds[kind[i] ?? 0] ?? 'log',
        t: t[i] ?? Number.NaN,
        subject: subject[i] ?? -1,
        severity: severity[i] ?? 0,
        value: value[i] ?? Number.NaN,
        body: batch.body(i),
        trace: batch.trace(i),
        span: batch.span(i),
        parent: batch.parent(i),
        attributes: batch.attributes(i),
      });
    }
  }
}
