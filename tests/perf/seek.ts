/** How long the page waits after a jump: "state and 200 log lines at t", at any t of a run file. */
import { openRun, questions } from '../../engine/query/index.ts';
import { atMost, type Emit, type Log } from './bar.ts';

export interface SeekTimes {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const seeks = 1_000;
const p99LimitMs = 50;

/** Runs the bar on a run file, of a million log records or more. */
export function run(file: string, emit: Emit, log: Log): void {
  const times = measureSeek(file);
  const shown = Object.entries(times).map(([name, ms]) => `${name} ${ms.toFixed(2)} ms`);
  log(`${seeks} seeks: ${shown.join(', ')}`);
  emit(atMost('seek', times.p99, p99LimitMs, 'ms', 'p99 of state and 200 log lines at a random t'));
}

/** Milliseconds of `seeks` jumps to random moments, on a reader that has just been opened. */
export function measureSeek(file: string): SeekTimes {
  const reader = openRun(file);
  try {
    const { through, duration } = reader.run();
    const random = randomFrom(1);
    const times = Array.from({ length: seeks }, () => {
      const t = Math.floor(random() * Math.max(through, duration));
      const start = performance.now();
      questions.state.answer(reader, { t });
      questions.logs.answer(reader, { t, limit: 200 });
      return performance.now() - start;
    }).sort((a, b) => a - b);
    const at = (share: number): number => times[Math.floor(share * (times.length - 1))] ?? NaN;
    return { p50: at(0.5), p99: at(0.99), max: at(1) };
  } finally {
    reader.close();
  }
}

/** A small seeded generator (mulberry32), so that every measurement jumps to the same moments. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
