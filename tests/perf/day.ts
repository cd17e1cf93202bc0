/**
 * A simulated day as a user runs it: the whole command as a process, with daily load that averages five
 * requests a second. Memory must not grow with the length of a run, so a quarter of the day is the
 * yardstick; and the same day on other threads has the same digest.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { atMost, type Emit, type Log } from './bar.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const day = (hours: number): string => `apiVersion: workbench/v1
kind: simulated
name: simulated-day
seed: 3
start: 2026-03-02T00:00:00Z
duration: ${hours}h
services:
  - name: web
    instances: 2
    endpoints:
      - name: GET /
        service_time: { p50: 3ms, p99: 12ms }
        calls: [{ to: api, timeout: 1s, retries: { max: 1 } }]
  - name: api
    instances: 2
    pools: [{ name: store, size: 8 }]
    service_time: { p50: 5ms, p99: 30ms }
    endpoints: [{ name: GET /items, calls: [{ to: store, pool: store, timeout: 1s }] }]
  - { name: store, kind: database, workers: 16, service_time: { p50: 2ms, p99: 9ms } }
traffic: [{ entry: web, endpoint: GET /, rate: 5/s, shape: daily }]
faults: [{ id: slow, kind: latency, at: 4h, until: 4h30m, service: store, add: 900ms }]
truth: { root_cause: { service: store, fault: slow }, category: latency }
`;

export async function run(emit: Emit, log: Log): Promise<void> {
  const quarter = await runDay(6, 2);
  log(`6 h: ${told(quarter)}`);
  const whole = await runDay(24, 2);
  log(`24 h: ${told(whole)}`);
  const again = await runDay(24, 1);
  log(`24 h on one detector thread: ${told(again)}`);
  emit(
    atMost(
      'day-memory',
      whole.residentMb / quarter.residentMb,
      1.15,
      'ratio',
      `peak resident memory of six hours of it, ${quarter.residentMb.toFixed(0)} MB`,
    ),
  );
  emit({
    bar: 'day-digest',
    value: whole.digest === again.digest ? 1 : 0,
    limit: 1,
    unit: 'equal',
    yardstick: 'the digest of the same day on one detector thread',
    pass: whole.digest !== null && whole.digest === again.digest,
  });
}

interface Day {
  readonly seconds: number;
  readonly residentMb: number;
  readonly digest: string | null;
}

function told({ seconds, residentMb, digest }: Day): string {
  return `${seconds.toFixed(1)} s, peak ${residentMb.toFixed(0)} MB, digest ${digest?.slice(0, 12)}`;
}

function runDay(hours: number, workers: number): Promise<Day> {
  const folder = `${root}tests/.output/perf`;
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/day-${hours}.yaml`;
  const db = `${folder}/day.db`;
  writeFileSync(file, day(hours));
  rmSync(db, { force: true });
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(
      process.execPath,
      ['cli/bin.js', 'run', file, '--db', db, '--workers', String(workers), '--json', '--quiet'],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let residentMb = 0;
    const watch = setInterval(() => {
      residentMb = Math.max(residentMb, peakMb(child.pid));
    }, 50);
    let out = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(watch);
      rmSync(db, { force: true });
      if (code !== 0) return reject(new Error(`the day ended with ${code}`));
      const last = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as { digest?: string };
      const seconds = (performance.now() - started) / 1000;
      resolve({ seconds, residentMb, digest: last.digest ?? null });
    });
  });
}

/** Most memory that a process has had so far; 0 where it is gone. All its parts are threads of it. */
function peakMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
