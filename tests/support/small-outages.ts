/** Two short outages of a benchmark: one in which the store is slow, one in which nothing is wrong. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `<folder>/<id>/scenario.yaml` of each. */
export function writeSmallOutages(folder: string): void {
  write(folder, {
    id: 'store-turns-slow',
    title: 'Store <b>turns</b> & slow',
    category: 'latency',
  });
  write(folder, { id: 'quiet', title: 'Nothing is wrong', category: 'none' });
}

function write(
  folder: string,
  {
    id,
    title,
    category,
  }: { readonly id: string; readonly title: string; readonly category: string },
): void {
  const isQuiet = category === 'none';
  const fault = '[{ id: slow, kind: latency, at: 4m, until: 8m, service: store, add: 900ms }]';
  const root = 'root_cause: { service: store, fault: slow }, ';
  mkdirSync(join(folder, id), { recursive: true });
  writeFileSync(
    join(folder, id, 'scenario.yaml'),
    `apiVersion: workbench/v1
kind: simulated
name: ${id}
title: ${JSON.stringify(title)}
start: 2026-03-02T09:00:00Z
duration: 10m
services:
  - { name: web, workers: 32, endpoints: [{ name: GET /, service_time: { p50: 3ms, p99: 12ms }, calls: [{ to: store, timeout: 500ms }] }] }
  - { name: store, kind: database, workers: 16, service_time: { p50: 2ms, p99: 9ms } }
traffic: [{ entry: web, endpoint: GET /, rate: 20/s }]
faults: ${isQuiet ? '[]' : fault}
objectives: [{ service: web, name: pages, target: 99%, window: 10m }]
truth: { ${isQuiet ? '' : root}category: ${category} }
`,
  );
}
