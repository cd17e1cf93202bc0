/** One reader for each format. */
import type { SourceFormat } from '../scenario/model.ts';
import { csvMetricsLong } from './csv-metrics-long.ts';
import { csvMetricsWide } from './csv-metrics-wide.ts';
import { jsonlLogs } from './jsonl-logs.ts';
import { nezha } from './nezha.ts';
import { petshop } from './petshop.ts';
import type { Reader } from './raw-record.ts';

export const readers: Readonly<Record<SourceFormat, Reader>> = {
  'jsonl-logs': jsonlLogs,
  'csv-metrics-long': csvMetricsLong,
  'csv-metrics-wide': csvMetricsWide,
  petshop,
  nezha,
};
