/** The demo as a newcomer runs it: the whole command as a process, first line and last. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { atLeast, atMost, median, type Emit, type Log } from './bar.ts';

const rounds = 3;
const scenarioSeconds = 1_800;
const root = fileURLToPath(new URL('../../../', import.meta.url));

export async function run(emit: Emit, log: Log): Promise<void> {
  const folder = `${root}tests/.output/perf`;
  mkdirSync(folder, { recursive: true });
  const speeds: number[] = [];
  const firstLines: number[] = [];
  let fileMb = 0;
  for (let round = 0; round < rounds; round++) {
    const file = `${folder}/demo.db`;
    rmSync(file, { force: true });
    const { firstLineMs, wholeMs } = await runDemo(file);
    speeds.push(scenarioSeconds / (wholeMs / 1000));
    firstLines.push(firstLineMs / 1000);
    fileMb = statSync(file).size / 1e6;
    log(
      `first line after ${firstLineMs.toFixed(0)} ms, all in ${(wholeMs / 1000).toFixed(1)} s, ${fileMb.toFixed(1)} MB`,
    );
  }
  emit(
    atLeast(
      'demo-speed',
      median(speeds),
      100,
      '× real time',
      'the wall clock, start of the process included',
    ),
  );
  emit(atMost('demo-first-line', median(firstLines), 1, 's', 'start of the process'));
  emit(atMost('demo-file', fileMb, 80, 'MB', 'size of the run file'));
}

function runDemo(
  file: string,
): Promise<{ readonly firstLineMs: number; readonly wholeMs: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let firstLineMs: number | null = null;
    const child = spawn(
      process.execPath,
      ['cli/bin.js', 'run', 'scenarios/checkout-pool-exhaustion/scenario.yaml', '--db', file],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    child.stdout.on('data', () => {
      firstLineMs ??= performance.now() - started;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code !== 0 || firstLineMs === null) reject(new Error(`the demo ended with ${code}`));
      else resolve({ firstLineMs, wholeMs: performance.now() - started });
    });
  });
}
