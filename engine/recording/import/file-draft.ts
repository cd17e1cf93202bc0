/** A file of logs or metrics as a scenario: no ground truth, services as the records name them. */
import { basename, resolve } from 'node:path';
import { slugOf } from '../../slug.ts';
import { columnIndex } from '../csv-metrics.ts';
import { readHeader } from '../csv-rows.ts';
import { requireFile } from '../file-bytes.ts';
import { Intake } from '../intake.ts';
import type { Draft } from './draft.ts';

interface FileOptions {
  readonly file: string;
  /** Service of records that name none. */
  readonly service: string | undefined;
}

/** Throws SOURCE_MISSING or RECORDING_UNREADABLE. */
export function jsonlDraft({ file, service }: FileOptions): Draft {
  requireFile(file);
  return fileDraft(file, 'Logs', { format: 'jsonl-logs', path: resolve(file), ...given(service) });
}

/** Throws SOURCE_MISSING or RECORDING_UNREADABLE. */
export async function csvDraft({ file, service }: FileOptions): Promise<Draft> {
  requireFile(file);
  const header = await readHeader(file, new Intake());
  const long =
    columnIndex(header, ['metric', 'metric_name', 'name', 'series']) >= 0 &&
    columnIndex(header, ['value', 'val', 'v']) >= 0;
  const format = long ? 'csv-metrics-long' : 'csv-metrics-wide';
  return fileDraft(file, 'Metrics', { format, path: resolve(file), ...given(service) });
}

function given(service: string | undefined): Pick<Draft['sources'][number], 'options'> {
  return { options: service === undefined ? {} : { service } };
}

function fileDraft(file: string, what: string, source: Draft['sources'][number]): Draft {
  const stem = basename(file).replace(/\.(gz|jsonl|ndjson|json|log|csv|txt)\b/g, '');
  return {
    name: slugOf(stem.slice(0, 80)) || 'recording',
    title: `${what} of ${basename(file)}`.slice(0, 200),
    description: `${what} as they were recorded in ${basename(file)}.`.slice(0, 500),
    notes: ['say who calls whom under `dependencies`, and what happened under `truth`'],
    sources: [source],
    services: [],
    dependencies: [],
    truth: null,
  };
}
