/**
 * Every scenario of the library as a user plays it: the whole command as a process, full telemetry, to
 * a run file. How fast the median one is, and how large the largest file.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadScenario } from '../../engine/scenario/index.ts';
import { atLeast, atMost, median, type Emit, type Log } from './bar.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const library = `${root}scenarios`;

export async function run(emit: Emit, log: Log): Promise<void> {
  const folder = `${root}tests/.output/perf`;
  mkdirSync(folder, { recursive: true });
  const db = `${folder}/library.db`;
  const speeds: number[] = [];
  const sizes: number[] = [];
  for (const id of readdirSync(library)) {
    const file = `${library}/${id}/scenario.yaml`;
    if (!existsSync(file)) continue;
    const scenario = loadScenario(file);
    if (scenario.kind !== 'simulated') continue;
    rmSync(db, { force: true });
    const started = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      ['cli/bin.js', 'run', file, '--db', db, '--json', '--quiet'],
      { cwd: root, encoding: 'utf8' },
    );
    const seconds = (performance.now() - started) / 1000;
    if (status !== 0) throw new Error(`${id} ended with ${status}: ${stderr}`);
    const speed = scenario.durationUs / 1e6 / seconds;
    const megabytes = statSync(db).size / 1e6;
    log(`${id}: ${speed.toFixed(0)}× real time, ${megabytes.toFixed(1)} MB`);
    speeds.push(speed);
    sizes.push(megabytes);
  }
  rmSync(db, { force: true });
  log(`${speeds.length} scenarios, the slowest at ${Math.min(...speeds).toFixed(0)}×`);
  const clock = 'the wall clock, start of the process included';
  emit(atLeast('library-speed', median(speeds), 60, '× real time', clock));
  emit(atMost('library-file', Math.max(...sizes), 120, 'MB', 'size of the largest run file'));
}
