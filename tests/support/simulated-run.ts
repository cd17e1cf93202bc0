/** Runs of small simulated scenarios, from real threads, for tests of what reads them. */
import { join } from 'node:path';
import { loadDetectors } from '../../engine/detect/index.ts';
import { startRun, systemClock, type RunOutcome } from '../../engine/replay/index.ts';
import { parseScenario, type SimulatedScenario } from '../../engine/scenario/index.ts';
import type { ActionInput } from '../../engine/scenario/model.ts';
import { builtIns, defaultDetectors } from '../../plugins/index.ts';

/** Twelve minutes; a store fails many requests from the first minute to the third. */
export function smallOutage(change: { readonly until?: string; readonly seed?: number } = {}) {
  return `apiVersion: workbench/v1
kind: simulated
name: small-outage
title: A small outage
seed: ${change.seed ?? 7}
duration: 12m
services:
  - name: web
    instances: 2
    workers: 16
    queue: 64
    endpoints:
      - name: GET /
        service_time: { p50: 3ms, p99: 12ms }
        calls: [{ to: store, timeout: 300ms, retries: { max: 1, backoff: 50ms } }]
  - { name: store, kind: database, instances: 1, workers: 24, service_time: { p50: 2ms, p99: 9ms } }
traffic:
  - { entry: web, endpoint: GET /, rate: 40/s }
changes:
  - { at: 60s, kind: deploy, service: store, version: 1.1.0 }
faults:
  - { id: bad-build, kind: errors, at: 60s, until: ${change.until ?? '180s'}, service: store, rate: 60%, version: 1.1.0 }
actions:
  delays: { rollback: 10s }
objectives:
  - { service: web, name: answers, target: 99.9%, window: 30d }
truth:
  root_cause: { service: store, fault: bad-build }
  category: error-spike
`;
}

export function simulatedScenario(text: string): SimulatedScenario {
  const result = parseScenario({ file: '/scenarios/case/scenario.yaml', text });
  if (result.scenario?.kind === 'simulated') return result.scenario;
  throw new Error(`not a scenario: ${JSON.stringify(result, null, 2)}`);
}

/** Runs it to its end. */
export async function runScenario(
  text: string,
  target: { readonly folder: string; readonly runId: string },
  options: { readonly inputs?: readonly ActionInput[] } = {},
): Promise<RunOutcome & { readonly file: string }> {
  const scenario = simulatedScenario(text);
  const choices = defaultDetectors.map((id) => ({ id, config: {} }));
  const file = join(target.folder, `${target.runId}.db`);
  const run = await startRun({
    runId: target.runId,
    file,
    scenario,
    plan: { kind: 'simulated', scenario, seed: scenario.seed, inputs: options.inputs ?? [] },
    seed: scenario.seed,
    detectors: await loadDetectors(choices, { builtIns, cwd: target.folder }),
    workers: 1,
    speed: 'max',
    watched: false,
    engineVersion: 'test',
    process: { pid: process.pid, machine: 'here' },
    clock: systemClock,
    wallClock: () => 0,
  });
  return { ...(await run.done), file };
}
