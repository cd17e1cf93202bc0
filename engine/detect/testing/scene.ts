/** Small worlds for examples: a few services, series and records, said in seconds. */
import { limits } from '../../limits.ts';
import { makeSlot, spanStatuses, type BatchWriter, type Slot } from '../../replay/batch.ts';
import { MiningWriter } from '../../replay/mining-writer.ts';
import type { SeriesInfo, ServiceInfo, SourceHeader } from '../../replay/source.ts';
import {
  changeKinds,
  type Attributes,
  type ChangeKind,
  type Micros,
  type SeriesRole,
} from '../../sdk/index.ts';
import { createLearner, type TemplateStep } from '../../templates/index.ts';
import { seriesKey } from '../subjects.ts';

interface SceneLog {
  readonly kind: 'log';
  /** Seconds since the start, as for every record. */
  readonly at: number;
  readonly service: string;
  readonly severity: number;
  readonly body: string;
  readonly traceId?: string;
  readonly attributes?: Attributes;
}

interface ScenePoint {
  readonly kind: 'metric';
  readonly at: number;
  readonly service: string;
  readonly metric: string;
  readonly value: number;
  readonly unit?: string;
  readonly role?: SeriesRole | null;
  /** Seconds between two points. */
  readonly every?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  /** A counter that only grows. */
  readonly monotonic?: boolean;
}

interface SceneSpan {
  readonly kind: 'span';
  readonly at: number;
  readonly service: string;
  readonly name: string;
  /** Seconds. */
  readonly duration: number;
  readonly status?: 'unset' | 'ok' | 'error';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly attributes?: Attributes;
}

interface SceneChange {
  readonly kind: 'change';
  readonly at: number;
  readonly service: string;
  readonly change: ChangeKind;
  readonly note: string;
}

export type SceneRecord = SceneLog | ScenePoint | SceneSpan | SceneChange;

/** What users of a service were promised. */
interface SceneObjective {
  readonly service: string;
  readonly endpoint?: string | null;
  readonly name?: string;
  /** Share of requests that must be good, 0–1. */
  readonly target: number;
  /** The period over which it counts. */
  readonly seconds: number;
  /** Seconds within which a good request is answered. */
  readonly within?: number;
}

/** What a detector is shown in an example. */
export interface Scene {
  /** How long it lasts. */
  readonly seconds: number;
  /** In any order; equal times keep theirs. */
  readonly records: readonly SceneRecord[];
  /** Services without records, and who calls whom. */
  readonly services?: readonly string[];
  readonly calls?: readonly (readonly [caller: string, callee: string])[];
  readonly objectives?: readonly SceneObjective[];
  /** When logs were recorded, in seconds; throughout where not given. */
  readonly recorded?: readonly (readonly [from: number, to: number])[];
}

const secondUs = 1_000_000;
const micros = (seconds: number): Micros => Math.round(seconds * secondUs);

/** A scene as the engine's source would give it. */
export interface FilmedScene {
  readonly header: SourceHeader;
  readonly records: readonly SceneRecord[];
  readonly durationUs: Micros;
}

export function film(scene: Scene): FilmedScene {
  const records = [...scene.records].sort((a, b) => micros(a.at) - micros(b.at));
  const names = new Set([
    ...(scene.services ?? []),
    ...(scene.calls ?? []).flat(),
    ...records.map((record) => record.service),
  ]);
  const services = [...names];
  const callees = new Set((scene.calls ?? []).map(([, callee]) => callee));
  const header: SourceHeader = {
    startUnixUs: 0,
    durationUs: micros(scene.seconds),
    services: services.map((name): ServiceInfo => ({
      name,
      kind: 'service',
      entry: !callees.has(name),
    })),
    dependencies: (scene.calls ?? []).map(([caller, callee]) => ({
      caller: services.indexOf(caller),
      callee: services.indexOf(callee),
      kind: 'call',
    })),
    objectives: (scene.objectives ?? []).map(({ service, seconds, within, ...same }) => ({
      ...{ endpoint: null, name: 'objective' },
      ...same,
      service: services.indexOf(service),
      windowUs: micros(seconds),
      latencyUs: within === undefined ? null : micros(within),
    })),
    series: seriesIn(records, services),
    intervals:
      scene.recorded === undefined
        ? []
        : [
            {
              stream: 'log',
              service: null,
              intervals: scene.recorded.map(([from, to]) => ({
                from: micros(from),
                to: micros(to),
              })),
            },
          ],
    intake: null,
  };
  return { header, records, durationUs: header.durationUs };
}

function seriesIn(records: readonly SceneRecord[], services: readonly string[]): SeriesInfo[] {
  const found = new Map<string, SeriesInfo>();
  for (const record of records) {
    if (record.kind !== 'metric' || found.has(seriesName(record))) continue;
    found.set(seriesName(record), {
      service: services.indexOf(record.service),
      name: record.metric,
      unit: record.unit ?? '1',
      attributes: record.attributes ?? {},
      role: record.role ?? null,
      cadenceUs: micros(record.every ?? 0),
      monotonic: record.monotonic ?? false,
    });
  }
  return [...found.values()];
}

function seriesName({ service, metric, attributes = {} }: ScenePoint): string {
  return seriesKey({ service, name: metric, attributes });
}

/** One filled slot and how far it reaches. */
export interface FilmedBatch {
  readonly slot: Slot;
  readonly count: number;
  readonly textBytes: number;
  readonly templates: readonly TemplateStep[];
  readonly through: Micros;
}

/** The records in batches of at most `size`. */
export function batchesOf(
  scene: FilmedScene,
  size: number = limits.batchRecordsMax,
): FilmedBatch[] {
  const batches: FilmedBatch[] = [];
  const services = new Map(scene.header.services.map(({ name }, index) => [name, index]));
  const series = new Map(
    scene.header.series.map(({ service, name, attributes }, index) => [
      seriesKey({ service: scene.header.services[service]?.name ?? '', name, attributes }),
      index,
    ]),
  );
  const learner = createLearner();
  let writer = new MiningWriter(makeSlot(), learner);
  const slotOf = (full: BatchWriter): Slot => {
    const { buffer } = full.columns.t;
    if (buffer instanceof SharedArrayBuffer) return buffer;
    throw new Error('a slot is shared memory');
  };
  const flush = (through: Micros): void => {
    const { count, textBytes, templates } = writer;
    batches.push({ slot: slotOf(writer), count, textBytes, templates, through });
    writer = new MiningWriter(makeSlot(), learner);
  };
  for (const record of scene.records) {
    if (writer.count >= size || !append(writer, record, services, series)) {
      flush(micros(record.at));
      append(writer, record, services, series);
    }
  }
  flush(scene.durationUs);
  return batches;
}

function append(
  writer: BatchWriter,
  record: SceneRecord,
  services: ReadonlyMap<string, number>,
  series: ReadonlyMap<string, number>,
): boolean {
  const t = micros(record.at);
  const service = services.get(record.service) ?? 0;
  switch (record.kind) {
    case 'metric':
      return writer.metric(t, series.get(seriesName(record)) ?? 0, record.value);
    case 'log':
      return writer.log(t, service, record.severity, {
        body: record.body,
        trace: record.traceId ?? '',
        span: '',
        parent: '',
        attributes: text(record.attributes),
      });
    case 'span':
      return writer.span(
        t,
        service,
        spanStatuses.indexOf(record.status ?? 'ok'),
        micros(record.duration),
        {
          body: record.name,
          trace: record.traceId,
          span: record.spanId,
          parent: record.parentId ?? '',
          attributes: text(record.attributes),
        },
      );
    case 'change':
      return writer.change(t, service, changeKinds.indexOf(record.change), {
        body: record.note,
        trace: '',
        span: '',
        parent: '',
        attributes: '',
      });
    default:
      return record satisfies never;
  }
}

function text(attributes: Attributes | undefined): string {
  return attributes === undefined ? '' : JSON.stringify(attributes);
}
