/** Recordings in a folder of their own, read to the end, for tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createCacheSource, prepareRecording } from '../../engine/recording/index.ts';
import type { PreparedRecording } from '../../engine/recording/index.ts';
import { asScenario } from '../../engine/recording/import/draft.ts';
import type { DraftSource } from '../../engine/recording/import/draft.ts';
import { BatchReader, BatchWriter, Kind, makeSlot } from '../../engine/replay/batch.ts';
import type { RecordedScenario } from '../../engine/scenario/index.ts';

/** Where the published datasets are; tests of them are skipped where they are not. */
export const dataFolder = resolve(process.env['WORKBENCH_DATA'] ?? '../shared/data');

export interface Workplace {
  readonly folder: string;
  readonly cacheFolder: string;
  write(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-recording-'));
  return {
    folder,
    cacheFolder: join(folder, 'cache'),
    write(name, content) {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function recorded(
  sources: readonly DraftSource[],
  changes: Partial<RecordedScenario> = {},
): RecordedScenario {
  const draft = { name: 'test', title: 'Test', description: '', notes: [], truth: null };
  return { ...asScenario({ ...draft, sources, services: [], dependencies: [] }), ...changes };
}

/** A record as plain values: `t` in µs of scenario time. */
export interface PlainRecord {
  readonly t: number;
  readonly kind: 'log' | 'metric' | 'span' | 'change';
  readonly service: string;
  readonly severity: number;
  readonly value: number;
  readonly name: string;
  readonly trace: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ReadRecording extends PreparedRecording {
  readonly records: readonly PlainRecord[];
}

/** Prepares a recording and reads every record; fails where batches break the contract of a source. */
export async function readAll(
  scenario: RecordedScenario,
  cacheFolder: string,
): Promise<ReadRecording> {
  const prepared = await prepareRecording(scenario, { cacheFolder });
  const source = createCacheSource(prepared.cacheFile);
  const slot = makeSlot();
  const writer = new BatchWriter(slot);
  const reader = new BatchReader(slot);
  const records: PlainRecord[] = [];
  let through = 0;
  for (;;) {
    writer.reset();
    const next = source.next(writer);
    if (next === null) break;
    reader.open(writer);
    for (let i = 0; i < reader.count; i++) {
      const t = reader.columns.t[i] ?? NaN;
      if (t < through || t >= next.through) throw new Error(`t ${t} outside of its batch`);
      records.push(plain(reader, i, prepared));
    }
    through = Math.max(through, reader.columns.t[reader.count - 1] ?? 0);
  }
  source.close();
  return { ...prepared, records };
}

function plain(reader: BatchReader, i: number, { header }: PreparedRecording): PlainRecord {
  const { columns } = reader;
  const kind = columns.kind[i] ?? 0;
  const subject = columns.subject[i] ?? 0;
  const series = kind === Kind.metric ? header.series[subject] : undefined;
  const attributes = reader.attributes(i);
  return {
    t: columns.t[i] ?? NaN,
    kind: (['log', 'metric', 'span', 'change'] as const)[kind] ?? 'log',
    service: header.services[series ? series.service : subject]?.name ?? '',
    severity: columns.severity[i] ?? 0,
    value: columns.value[i] ?? NaN,
    name: series ? series.name : reader.body(i),
    trace: reader.trace(i),
    attributes: attributes === '' ? {} : (JSON.parse(attributes) as Record<string, unknown>),
  };
}
