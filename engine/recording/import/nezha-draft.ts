/** A Nezha case as a scenario: an hour before the injected fault, half an hour after it. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { InsightCategory } from '../../insight/model.ts';
import { requireFile, requireFolder } from '../file-bytes.ts';
import { entryService, podOfMetricFile } from '../nezha.ts';
import { serviceOfPod } from '../nezha-selection.ts';
import { cleanName } from '../text-fields.ts';
import { formatInstant, parseTimestamp } from '../timestamps.ts';
import { readCase, readTable, type CaseTable } from './case-table.ts';
import type { Draft } from './draft.ts';

const minuteUs = 60e6;
const dayUs = 86_400e6;
/** Detectors learn what is normal before the fault; after it people see things recover. */
const beforeUs = 60 * minuteUs;
const afterUs = 30 * minuteUs;
/** Each fault lasts 180 s, as the paper says; metrics average a minute, so they show it a minute longer. */
const faultUs = 3 * minuteUs;
const lagUs = minuteUs;

interface Stretch {
  readonly from: number;
  readonly to: number;
}

const systems: Readonly<Record<string, string>> = {
  'train-ticket': 'Train-Ticket',
  'online-boutique': 'Online Boutique',
};

export function nezhaCaseTable(folder: string): CaseTable {
  return { folder, id: ['case_id'] };
}

/** Throws SOURCE_MISSING, RECORDING_UNREADABLE or CASE_NOT_FOUND. `folder` holds cases.csv. */
export async function nezhaDraft(folder: string, wanted: string): Promise<Draft> {
  requireFolder(folder);
  if (wanted.startsWith(quietPrefix)) {
    return nezhaQuietDraft(folder, wanted.slice(quietPrefix.length));
  }
  const row = await readCase(nezhaCaseTable(folder), wanted);
  const day = join(folder, row['day'] ?? '');
  requireFolder(day);
  const injectedUs = parseTimestamp(row['inject_time_utc'])?.us ?? 0;
  const endUs = parseTimestamp(row['window_end_utc'])?.us ?? injectedUs + faultUs;
  const fault = { from: injectedUs, to: endUs };
  const stretch = {
    from: floorMinute(Math.min(injectedUs - beforeUs, faultFreeUs(day, injectedUs))),
    to: floorMinute(endUs + afterUs),
  };
  const others = otherFaults(faultsOf(day, row['day'] ?? ''), fault, stretch);
  const system = systems[row['application'] ?? ''] ?? (row['application'] || 'Nezha');
  const edges = await edgesOf(day);
  const entry = entryService(day);
  return {
    name: wanted,
    title: `${system} on ${row['day']}, case ${wanted.slice(-2)}`,
    description:
      `${system}, a microservice demo on Kubernetes under steady load, recorded as metrics, logs ` +
      `and spans. One service misbehaves for a few minutes. Find out which, and how.`,
    notes: notesOf(wanted, others.length),
    sources: [
      {
        format: 'nezha',
        path: resolve(day),
        options: {
          from: instant(stretch.from),
          to: instant(stretch.to),
          ...(others.length > 0 ? { skip: others.map(asInstants) } : {}),
        },
      },
    ],
    services: servicesOf(day, edges, entry),
    dependencies: edges,
    truth: {
      service: cleanName(row['root_cause_service']),
      ...truthKind(row['fault_type'] ?? '', row['inner_root_cause'] ?? ''),
      windows: [fault],
    },
  };
}

/** What comes before the day in the name of its fault-free stretch. */
export const quietPrefix = 'quiet-';

/** From half an hour after the last fault to the end of the day: whatever is said of it is wrong. */
async function nezhaQuietDraft(folder: string, date: string): Promise<Draft> {
  const day = join(folder, date);
  requireFolder(day);
  const [last = 0] = faultsOf(day, date).toSorted((a, b) => b - a);
  const from = floorMinute(last + faultUs + afterUs);
  const edges = await edgesOf(day);
  return {
    name: `nezha-${quietPrefix}${date}`,
    title: `A microservice demo on ${date}, after noon`,
    description:
      'A microservice demo on Kubernetes under steady load. Find out whether anything is wrong.',
    notes: [`Nezha ${date} (IntelligentDDS/Nezha, MIT), half an hour after the last fault and on`],
    sources: [
      {
        format: 'nezha',
        path: resolve(day),
        options: { from: instant(from), to: instant(from - (from % dayUs) + dayUs) },
      },
    ],
    services: servicesOf(day, edges, entryService(day)),
    dependencies: edges,
    truth: { service: null, fault: '', category: 'none', alsoAccepted: [], windows: [] },
  };
}

function notesOf(wanted: string, others: number): readonly string[] {
  const notes = [
    `Nezha case ${wanted} (IntelligentDDS/Nezha, MIT)`,
    'logs and spans were recorded for minutes around each fault and for one quiet minute, metrics throughout',
  ];
  if (others > 0) notes.push(`the ${others} other faults of this stretch of the day are left out`);
  return notes;
}

/** A few minutes before the recorded quiet minute, or the fault itself where there is none before it. */
function faultFreeUs(day: string, injectedUs: number): number {
  const folder = join(day, 'faultfree');
  const minutes = (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) => {
    const match = /^(\d\d)_(\d\d)_log\.csv/.exec(name);
    return match ? [(Number(match[1]) * 60 + Number(match[2]) - 3) * minuteUs] : [];
  });
  const midnight = injectedUs - (injectedUs % dayUs);
  return Math.min(injectedUs, ...minutes.map((us) => midnight + us));
}

/** Beginnings. The fault list has every fault of the day, the table of cases only those of this split. */
function faultsOf(folder: string, day: string): readonly number[] {
  const file = join(folder, `${day}-fault_list.json`);
  requireFile(file);
  const list = JSON.parse(readFileSync(file, 'utf8')) as Readonly<
    Record<string, readonly { readonly inject_time?: unknown }[]>
  >;
  return Object.values(list)
    .flat()
    .flatMap((fault) => parseTimestamp(fault.inject_time) ?? [])
    .map(({ us }) => us);
}

function otherFaults(
  faults: readonly number[],
  own: Stretch,
  stretch: Stretch,
): readonly Stretch[] {
  return faults
    .map((us) => ({ from: us, to: us + faultUs + lagUs }))
    .filter(({ from, to }) => from !== own.from && to > stretch.from && from < stretch.to)
    .map(({ from, to }) => clip({ from, to }, own))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from);
}

/** Never cuts into the case's own fault. */
function clip(other: Stretch, own: Stretch): Stretch {
  return other.from < own.from
    ? { from: other.from, to: Math.min(other.to, own.from) }
    : { from: Math.max(other.from, own.to), to: other.to };
}

async function edgesOf(day: string): Promise<Draft['dependencies']> {
  const file = join(day, 'derived', 'edges.csv');
  if (!existsSync(file)) return [];
  const rows = await readTable(file);
  return rows
    .map((row) => ({ caller: cleanName(row['caller']), callee: cleanName(row['callee']) }))
    .filter(({ caller, callee }) => caller !== '' && callee !== '' && caller !== callee);
}

function servicesOf(day: string, edges: Draft['dependencies'], entry: string): Draft['services'] {
  const pods = readdirSync(join(day, 'metric'))
    .filter((name) => /_metric\.csv(\.gz)?$/.test(name))
    .map((name) => serviceOfPod(podOfMetricFile(name)));
  const names = new Set([...pods, ...edges.flatMap(({ caller, callee }) => [caller, callee])]);
  return [...names]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => ({ name, kind: 'service', entry: name === entry }));
}

interface TruthKind {
  readonly fault: string;
  readonly category: InsightCategory;
  readonly alsoAccepted: readonly InsightCategory[];
}

function truthKind(type: string, inner: string): TruthKind {
  const fault = `${type} (${inner})`.slice(0, 120);
  switch (type) {
    case 'network_delay':
      return { fault, category: 'network', alsoAccepted: ['latency', 'dependency'] };
    case 'cpu_contention':
    case 'cpu_consumed':
      return { fault, category: 'saturation', alsoAccepted: ['latency', 'performance'] };
    default:
      // `return` and `exception`: wrong code in the service.
      return { fault, category: 'error-spike', alsoAccepted: ['deploy-regression'] };
  }
}

function asInstants({ from, to }: Stretch) {
  return { from: instant(from), to: instant(to) };
}

function instant(us: number): string {
  return formatInstant({ us, ns: 0 });
}

function floorMinute(us: number): number {
  return us - (us % minuteUs);
}
