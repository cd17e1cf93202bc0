/** A folder to benchmark in: small outages, series in the shape of NAB, detectors of somebody's. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from '../../engine/benchmark/index.ts';
import { workbench, type Finished } from './workbench.ts';

/** Ten minutes of two services; in an outage the store is slow from the fourth on. */
export function writeScenario(folder: string, id: string, category: string): void {
  const fault = '[{ id: slow, kind: latency, at: 4m, until: 8m, service: store, add: 900ms }]';
  const root = 'root_cause: { service: store, fault: slow }, ';
  mkdirSync(join(folder, 'outages', id), { recursive: true });
  writeFileSync(
    join(folder, 'outages', id, 'scenario.yaml'),
    `apiVersion: workbench/v1
kind: simulated
name: ${id}
start: 2026-03-02T09:00:00Z
duration: 10m
services:
  - { name: web, workers: 32, endpoints: [{ name: GET /, service_time: { p50: 3ms, p99: 12ms }, calls: [{ to: store, timeout: 500ms }] }] }
  - { name: store, kind: database, workers: 16, service_time: { p50: 2ms, p99: 9ms } }
traffic: [{ entry: web, endpoint: GET /, rate: 20/s }]
faults: ${category === 'none' ? '[]' : fault}
objectives: [{ service: web, name: pages, target: 99%, window: 10m }]
truth: { ${category === 'none' ? '' : root}category: ${category} }
`,
  );
}

/** Two series: a sine with a step in its second half. */
export function writeSeries(folder: string): void {
  const data = join(folder, 'nab/data/made');
  mkdirSync(data, { recursive: true });
  const time = (row: number) => new Date(Date.UTC(2026, 0, 1) + row * 300_000).toISOString();
  const text = (row: number) => time(row).slice(0, 19).replace('T', ' ');
  const windows: Record<string, unknown> = {};
  for (const [name, step] of [
    ['high', 5],
    ['low', -5],
  ] as const) {
    const rows = Array.from({ length: 600 }, (_, row) => {
      const value = Math.sin(row / 20) + (row >= 400 && row < 430 ? step : 0);
      return `${text(row)},${value}`;
    });
    writeFileSync(join(data, `${name}.csv`), ['timestamp,value', ...rows, ''].join('\n'));
    windows[`made/${name}.csv`] = [[`${text(390)}.000000`, `${text(440)}.000000`]];
  }
  writeFileSync(join(folder, 'nab/combined_windows.json'), JSON.stringify(windows));
}

/** What `--detector` takes. */
export function writeDetector(folder: string, id: string, body: string): string {
  const file = `${id}.ts`;
  writeFileSync(
    join(folder, file),
    `import { defineDetector } from 'incident-workbench/sdk';
export default defineDetector({
  apiVersion: 1, id: '${id}', summary: 'For tests.', per: 'series', options: {},
  messages: { high: '{metric} is at {value}.' },
  init: () => ({ n: 0, kept: '' }),
  on: { metric(state, point, context) { ${body} } },
});
`,
  );
  return `./${file}`;
}

/** `bench --json …` and what its last line says. */
export function bench(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Finished & { readonly board: Board } {
  const finished = workbench(['bench', '--json', ...args], { cwd: folder, env });
  const last: unknown = JSON.parse(finished.stdout.trim().split('\n').at(-1) ?? 'null');
  return { ...finished, board: last as Board };
}
