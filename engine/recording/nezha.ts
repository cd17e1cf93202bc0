/**
 * The Nezha dataset (IntelligentDDS/Nezha), one day folder: logs and spans of the recorded minutes,
 * metrics all day long, and the minute aggregates of all spans. Files overlap, run backwards and
 * carry broken clocks; the readers of the three streams deal with that, this file selects.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { SourceModel } from '../scenario/model.ts';
import { requireFile, requireFolder } from './file-bytes.ts';
import { readNezhaLogs } from './nezha-logs.ts';
import { readNezhaEdgeSpans, readNezhaServiceSpans } from './nezha-aggregates.ts';
import { readNezhaFront, readNezhaMetrics } from './nezha-metrics.ts';
import { serviceOfPod } from './nezha-selection.ts';
import type { Selection } from './nezha-selection.ts';
import { readNezhaSpans } from './nezha-spans.ts';
import { asTable, unitOption, unitValue } from './options.ts';
import type { Part } from './raw-record.ts';

export function nezha(source: SourceModel): readonly Part[] {
  const folder = source.path;
  requireFolder(folder);
  const selection = selectionOf(source);
  const entry = entryService(folder);
  const parts = [
    ...minuteFiles(folder, 'log', selection).map((file): Part => ({
      file,
      covers: 'log',
      read: (intake) => readNezhaLogs(file, selection, intake),
    })),
    ...minuteFiles(folder, 'trace', selection).map((file): Part => ({
      file,
      covers: 'span',
      read: (intake) => readNezhaSpans(file, selection, intake),
    })),
    ...metricParts(folder, entry, selection),
  ];
  if (parts.length === 0) {
    const reason = 'it has no log, trace or metric folder; name a day of the dataset: 2023-01-29';
    throw new WorkbenchError('RECORDING_UNREADABLE', { file: folder, reason });
  }
  if (parts.length > limits.sourceFilesMax) {
    const reason = `it has ${parts.length} files; the limit is ${limits.sourceFilesMax}`;
    throw new WorkbenchError('RECORDING_UNREADABLE', { file: folder, reason });
  }
  for (const part of parts) requireFile(part.file);
  return parts;
}

function selectionOf(source: SourceModel): Selection {
  const skip = source.options['skip'];
  return {
    from: unitOption(source, 'from', 'instant') ?? 0,
    to: unitOption(source, 'to', 'instant') ?? Infinity,
    skip: (Array.isArray(skip) ? skip : []).map((window) => ({
      from: unitValue(source, asTable(window)['from'], 'instant') ?? 0,
      to: unitValue(source, asTable(window)['to'], 'instant') ?? Infinity,
    })),
  };
}

/** Where users come in: Train-Ticket has a gateway, Online Boutique a front end. */
export function entryService(folder: string): string {
  const pods = names(join(folder, 'metric')).map((name) => serviceOfPod(podOfMetricFile(name)));
  return pods.find((service) => service === 'ts-gateway-service') ?? 'frontend';
}

export function podOfMetricFile(name: string): string {
  return name.replace(/_metric\.csv(\.gz)?$/, '');
}

/** µs around a file's nominal minute in which its records lie: `09_21` holds 09:20:11 to 09:21:09. */
const marginUs = 3 * 60e6;

function minuteFiles(folder: string, kind: 'log' | 'trace', selection: Selection): string[] {
  const day = Date.parse(`${basename(folder)}T00:00:00Z`) * 1000;
  const found: string[] = [];
  for (const sub of ['faultfree', kind]) {
    for (const name of names(join(folder, sub))) {
      const match = new RegExp(`^(\\d\\d)_(\\d\\d)_${kind}\\.csv(\\.gz)?$`).exec(name);
      if (!match) continue;
      const minute = day + (Number(match[1]) * 60 + Number(match[2])) * 60e6;
      // A folder that isn't named after its day: the records themselves decide.
      const outside = minute + marginUs < selection.from || minute - marginUs > selection.to;
      if (!Number.isNaN(day) && outside) continue;
      found.push(join(folder, sub, name));
    }
  }
  return found;
}

function metricParts(folder: string, entry: string, selection: Selection): Part[] {
  const parts: Part[] = [];
  for (const name of names(join(folder, 'metric'))) {
    const file = join(folder, 'metric', name);
    if (/_metric\.csv(\.gz)?$/.test(name)) {
      const service = serviceOfPod(podOfMetricFile(name));
      const read: Part['read'] = (intake) => readNezhaMetrics(file, service, selection, intake);
      parts.push({ file, covers: 'metric', read });
    } else if (name === 'front_service.csv') {
      const read: Part['read'] = (intake) => readNezhaFront(file, entry, selection, intake);
      parts.push({ file, covers: null, read });
    }
  }
  const services = join(folder, 'derived', 'service_spans_1m.csv');
  if (existsSync(services)) {
    const read: Part['read'] = (intake) => readNezhaServiceSpans(services, selection, intake);
    parts.push({ file: services, covers: null, read });
  }
  const edges = join(folder, 'derived', 'edge_spans_1m.csv');
  if (existsSync(edges)) {
    const read: Part['read'] = (intake) => readNezhaEdgeSpans(edges, selection, intake);
    parts.push({ file: edges, covers: null, read });
  }
  return parts;
}

function names(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
