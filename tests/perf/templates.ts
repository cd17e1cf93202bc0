/**
 * Log templates: lines per CPU-second, against splitting and hashing the same lines without mining. On
 * lines of the simulator, and on published ones where they are there (WORKBENCH_DATA). Then what each
 * parameter of the miner is worth.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMiner, mine } from '../../engine/templates/index.ts';
import { atLeast, atMost, median, type Emit, type Log } from './bar.ts';
import { loghubLines, nezhaLines, simulatedLines } from './templates-lines.ts';
import { measureTuning } from './templates-tuning.ts';

const rounds = 7;
/** Lines of one round: tens of milliseconds of the faster of the two. */
const linesPerRound = 200_000;
const warmUps = 200;
const linesPerWarmUp = 1_000;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const data = resolve(process.env['WORKBENCH_DATA'] ?? `${root}../shared/data`);

export async function run(emit: Emit, log: Log): Promise<void> {
  const ids = measure('simulated', simulatedLines(root), 27_000, { emit, log });
  emit(atMost('templates-simulated-ids', ids, 300, 'ids', 'all logs of one simulated outage'));
  const loghub = `${data}/loghub`;
  if (existsSync(loghub)) {
    measure('short', await loghubLines(loghub), 100_000, { emit, log });
    await measureTuning({ root, loghub }, { emit, log });
  } else log(`skipped: no ${loghub}; set WORKBENCH_DATA to measure on it`);
  const nezha = `${data}/nezha`;
  if (existsSync(nezha)) measure('long', await nezhaLines(nezha), 27_000, { emit, log });
  else log(`skipped: no ${nezha}; set WORKBENCH_DATA to measure on it`);
}

/** Answers how many ids were given. */
function measure(
  name: string,
  lines: readonly string[],
  linesPerSecondMin: number,
  { emit, log }: { readonly emit: Emit; readonly log: Log },
): number {
  const chars = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
  const times = Math.max(1, Math.ceil(linesPerRound / lines.length));
  const speeds: number[] = [];
  const ratios: number[] = [];
  let ids = 0;
  // The yardstick is compiled before it is timed: a slow one would flatter.
  let hashes = 0;
  for (let time = 0; time < warmUps; time++) hashes ^= splitAndHash(lines.slice(0, linesPerWarmUp));
  for (let round = 0; round < rounds; round++) {
    const hashing = cpuSeconds(() => {
      for (let time = 0; time < times; time++) hashes ^= splitAndHash(lines);
    });
    // A new miner each time: learning is part of it.
    const mining = cpuSeconds(() => {
      const miner = createMiner();
      for (let time = 0; time < times; time++) for (const line of lines) mine(miner, line);
      ids = miner.templates.length;
    });
    speeds.push((lines.length * times) / mining);
    ratios.push(hashing / mining);
  }
  log(
    `${name}: ${lines.length} lines of ${chars.toFixed(0)} characters, ${ids} ids, hash ${hashes}`,
  );
  const unit = 'lines/CPU-s';
  emit(atLeast(`templates-${name}`, median(speeds), linesPerSecondMin, unit, 'the CPU clock'));
  const yardstick = 'splitting and hashing the same lines';
  emit(atLeast(`templates-${name}-ratio`, median(ratios), 0.2, '× its speed', yardstick));
  return ids;
}

/** Each line taken apart at its blanks, and a hash of each piece. */
function splitAndHash(lines: readonly string[]): number {
  let hash = 0;
  for (const line of lines) {
    for (const piece of line.split(' ')) {
      for (let at = 0; at < piece.length; at++) {
        hash = Math.imul(hash ^ piece.charCodeAt(at), 0x01000193);
      }
    }
  }
  return hash;
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
