/**
 * Same scenario, same seed, same digest: whatever the number of workers, the speed, pauses, steps and
 * the zone of the machine. Real source, detector and writer threads; the scenario is small but has a
 * fault, so that findings, incidents and health changes are covered too.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDetectors, type LoadedDetector } from '../../engine/detect/index.ts';
import { startRun, systemClock, type Run, type Speed } from '../../engine/replay/index.ts';
import { loadScenario, type Scenario } from '../../engine/scenario/index.ts';
import { builtIns, defaultDetectors } from '../../plugins/index.ts';
import { tries } from '../support/effort.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const source = `apiVersion: workbench/v1
kind: simulated
name: small-outage
title: A small outage
seed: 7
start: 2026-03-29T00:59:00Z
duration: 4m
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
  - { entry: web, endpoint: GET /, rate: 40/s, shape: steady }
changes:
  - { at: 60s, kind: deploy, service: store, version: 1.1.0 }
faults:
  - { id: bad-build, kind: errors, at: 60s, until: 150s, service: store, rate: 40% }
truth:
  root_cause: { service: store, fault: bad-build }
  category: error-spike
detectors: default
`;

let folder: string;
let scenario: Scenario;
let detectors: readonly LoadedDetector[];
let runs = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-digest-'));
  writeFileSync(join(folder, 'small.yaml'), source);
  scenario = await loadScenario(join(folder, 'small.yaml'));
  const choices = defaultDetectors.map((id) => ({ id, config: {} }));
  detectors = await loadDetectors(choices, { builtIns, cwd: folder });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(options: { workers: number; speed: Speed; seed?: number }): Promise<Run> {
  if (scenario.kind !== 'simulated') throw new Error('the scenario is simulated');
  const seed = options.seed ?? scenario.seed;
  const number = ++runs;
  return startRun({
    runId: `r${number}`,
    file: join(folder, `r${number}.db`),
    scenario,
    plan: { kind: 'simulated', scenario, seed, inputs: [] },
    seed,
    detectors,
    workers: options.workers,
    speed: options.speed,
    watched: number % 2 === 0,
    engineVersion: 'test',
    process: { pid: process.pid, machine: 'here' },
    clock: systemClock,
    wallClock: () => number,
  });
}

/** Everything the run stored but when and how it was run. */
function contents(file: string): unknown {
  const db = new Database(file, { readonly: true });
  try {
    const tables = [
      'log',
      'sample',
      'span',
      'change',
      'finding',
      'score',
      'incident_event',
      'health_event',
    ];
    const rows = [...tables, 'rollup_second', 'rollup_service', 'rollup_health'].map((table) =>
      db.prepare(`SELECT count(*) AS rows FROM ${table}`).get(),
    );
    const findings = db.prepare('SELECT * FROM finding ORDER BY k').all();
    const incidents = db.prepare('SELECT * FROM incident_event ORDER BY k').all();
    return { rows, findings, incidents };
  } finally {
    db.close();
  }
}

describe('the digest of a run', () => {
  test('is the same for 1, 2 and 4 workers, and covers findings and incidents', async () => {
    const digests: (string | null)[] = [];
    const stored: unknown[] = [];
    for (const workers of [1, 2, 4]) {
      const run = await start({ workers, speed: 'max' });
      const outcome = await run.done;
      expect(outcome).toMatchObject({ state: 'completed', error: null });
      digests.push(outcome.digest);
      stored.push(contents(run.file));
    }
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(digests).size).toBe(1);
    expect(stored[1]).toEqual(stored[0]);
    expect(stored[2]).toEqual(stored[0]);
    const { findings, incidents } = stored[0] as { findings: unknown[]; incidents: unknown[] };
    expect(findings.length).toBeGreaterThan(0);
    expect(incidents.length).toBeGreaterThan(0);
  });

  test('is the same when the run is paced, paused, stepped and sped up', async () => {
    const plain = await (await start({ workers: 1, speed: 'max' })).done;
    /** What people do to a run, at drawn moments. */
    const acts = fc.array(
      fc.oneof(
        fc.record({ do: fc.constant('pause' as const), waitMs: fc.integer({ min: 0, max: 60 }) }),
        fc.record({ do: fc.constant('resume' as const), waitMs: fc.integer({ min: 0, max: 60 }) }),
        fc.record({
          do: fc.constant('step' as const),
          us: fc.option(fc.integer({ min: 1, max: 20_000_000 }), { nil: undefined }),
          waitMs: fc.integer({ min: 0, max: 60 }),
        }),
        fc.record({
          do: fc.constant('speed' as const),
          speed: fc.constantFrom(200, 731, 1000),
          waitMs: fc.integer({ min: 0, max: 120 }),
        }),
      ),
      { minLength: 2, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(acts, fc.constantFrom(1, 2), async (drawn, workers) => {
        const run = await start({ workers, speed: 1000 });
        for (const act of drawn) {
          if (act.do === 'pause') run.pause();
          else if (act.do === 'resume') run.resume();
          else if (act.do === 'step') run.step(act.us);
          else run.setSpeed(act.speed);
          await new Promise((resolve) => setTimeout(resolve, act.waitMs));
        }
        run.resume();
        run.setSpeed('max');
        expect((await run.done).digest).toBe(plain.digest);
      }),
      { numRuns: tries(6) },
    );
  }, 120_000);

  test('is the same under three time zones, through the command line', async () => {
    const digests = ['UTC', 'Asia/Kathmandu', 'America/St_Johns'].map((zone, i) => {
      const db = join(folder, `zone-${i}.db`);
      const done = spawnSync(
        process.execPath,
        [join(root, 'cli/bin.js'), 'run', 'small.yaml', '--db', db, '--json'],
        { cwd: folder, encoding: 'utf8', env: { ...process.env, TZ: zone, LANG: 'tr_TR.UTF-8' } },
      );
      expect(done.stderr).toBe('');
      expect(done.status).toBe(0);
      const end = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '') as {
        type: string;
        digest: string;
      };
      expect(end.type).toBe('end');
      return end.digest;
    });
    const plain = await (await start({ workers: 1, speed: 'max' })).done;
    expect(digests).toEqual([plain.digest, plain.digest, plain.digest]);
  });

  test('differs for another seed', async () => {
    const a = await (await start({ workers: 1, speed: 'max' })).done;
    const b = await (await start({ workers: 1, speed: 'max', seed: 8 })).done;
    expect(b.digest).not.toBe(a.digest);
  });
});
