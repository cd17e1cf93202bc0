/** A PetShop issue as a scenario. */
import { basename, join, resolve } from 'node:path';
import type { InsightCategory } from '../../insight/model.ts';
import { formatMicros } from '../../scenario/units.ts';
import { readCsv } from '../csv-rows.ts';
import { requireFolder } from '../file-bytes.ts';
import { Intake } from '../intake.ts';
import { petshopBaselineUs, petshopFiles, petshopTimes } from '../petshop.ts';
import { cleanName } from '../text-fields.ts';
import { readCase, readTable, type CaseTable, type TableRow } from './case-table.ts';
import type { Draft, DraftTruth } from './draft.ts';

export function petshopCaseTable(folder: string): CaseTable {
  return { folder, id: ['scenario', 'split', 'issue'] };
}

/** Throws SOURCE_MISSING, RECORDING_UNREADABLE or CASE_NOT_FOUND. `folder` holds cases.csv. */
export async function petshopDraft(folder: string, wanted: string): Promise<Draft> {
  requireFolder(folder);
  const row = await readCase(petshopCaseTable(folder), wanted);
  const files = petshopFiles(folder, wanted);
  const issue = await petshopTimes(files.issue);
  const graph = await readTable(join(folder, row['scenario'] ?? '', 'graph.csv'));
  const names = new Set([
    ...graph.map((node) => cleanName(node[''])),
    ...(await servicesOf(files.issue)),
    ...(files.normal === null ? [] : await servicesOf(files.normal)),
  ]);
  const entry = cleanName(row['target_service']);
  const broken = Number(row['slo_violation_unix']) * 1e6;
  return {
    name: `petshop-${wanted.replace(/[/_]/g, '-')}`,
    title: `PetShop: ${entry} breaks its ${row['target_metric']} objective`,
    description:
      `A pet adoption shop on AWS, seen through its metrics of five minutes each. ` +
      `After hours of normal traffic ${entry} breaks its objective. Find out where it began.`,
    notes: [
      `PetShop case ${wanted} (amazon-science/petshop-root-cause-analysis, CC-BY-4.0)`,
      files.normal === null
        ? 'the dataset has no normal period for this traffic: only the rows around the issue'
        : await shiftNote(files.normal, issue.firstUs - issue.cadenceUs),
    ],
    sources: [
      {
        format: 'petshop',
        path: resolve(folder),
        options: { case: wanted, baseline: formatMicros(petshopBaselineUs) },
      },
    ],
    services: [...names]
      .filter((name) => name !== '')
      .map((name) => ({ name, kind: kindOf(name), entry: name === entry })),
    dependencies: edgesOf(graph),
    truth: truthOf(row, { from: broken, to: issue.lastUs + issue.cadenceUs }),
  };
}

async function shiftNote(normal: string, endsUs: number): Promise<string> {
  const { lastUs } = await petshopTimes(normal);
  const days = Math.abs(Math.round((endsUs - lastUs) / 86_400e6));
  const recorded = new Date(lastUs / 1000).toISOString().slice(0, 10);
  return `the normal period was recorded up to ${recorded}; it is shifted by ${days} days to end where the issue's rows begin, which keep their true clock`;
}

/** The first row of a metrics table names the service of each column. */
async function servicesOf(file: string): Promise<readonly string[]> {
  for await (const block of readCsv(file, new Intake())) {
    return (block.rows[0] ?? []).slice(1).map(cleanName);
  }
  return [];
}

/** An adjacency matrix whose first column, without a name, holds the caller; a 1 is a call. */
function edgesOf(graph: readonly TableRow[]): Draft['dependencies'] {
  return graph.flatMap(({ '': caller, ...columns }) =>
    Object.entries(columns)
      .filter(([callee, cell]) => Number(cell) > 0 && callee !== caller)
      .map(([callee]) => ({ caller: cleanName(caller), callee: cleanName(callee) })),
  );
}

function kindOf(name: string): string {
  if (/DynamoDB|Database::SQL|PGSQL/.test(name)) return 'database';
  if (/SQS|SimpleNotificationService/.test(name)) return 'queue';
  if (/_remote$|_AWS::(S3|STS|SSM|AWSSimple|SimpleSystems|Evidently)/.test(name)) return 'external';
  return 'service';
}

interface FaultKind {
  readonly pattern: RegExp;
  readonly fault: string;
  readonly category: InsightCategory;
  readonly alsoAccepted: readonly InsightCategory[];
}

/** What the commands that injected the faults do. */
const faultKinds: readonly FaultKind[] = [
  {
    pattern: /dynamo_db_requests/,
    fault: 'request overload of the table',
    category: 'data-store',
    alsoAccepted: ['latency', 'saturation', 'traffic-anomaly'],
  },
  {
    pattern: /sleep\(|delay/,
    fault: 'added delay',
    category: 'latency',
    alsoAccepted: ['configuration', 'deploy-regression', 'performance'],
  },
  {
    pattern: /errorpercent|errormode|inject = true/,
    fault: 'injected errors',
    category: 'error-spike',
    alsoAccepted: ['configuration', 'deploy-regression'],
  },
];

function truthOf(row: TableRow, window: { from: number; to: number }): DraftTruth {
  const command = row['fault_command'] ?? '';
  const kind = faultKinds.find(({ pattern }) => pattern.test(command));
  const byMetric = row['target_metric'] === 'latency' ? 'latency' : 'error-spike';
  return {
    service: cleanName(row['root_cause_service']),
    fault: kind?.fault ?? basename(command.slice(0, 60)),
    category: kind?.category ?? byMetric,
    alsoAccepted: kind?.alsoAccepted ?? [],
    windows: [window],
  };
}
