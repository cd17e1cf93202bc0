/**
 * When each stream was recorded. A recording with holes is not a quiet system: detectors must not
 * take the minutes between two recorded stretches for silence.
 */
import type { Interval } from '../sdk/index.ts';
import type { StreamIntervals } from '../replay/source.ts';
import type { RawRecord } from './raw-record.ts';

type Stream = RawRecord['stream'];

/** Records this close belong to one stretch; metrics come once a minute, jitter included. */
const joinUs: Readonly<Record<Stream, number>> = { log: 10e6, span: 10e6, metric: 150e6 };
/** Resolution in which a stretch is noted: bounds the memory by the length of the recording. */
const stepUs = 1e6;

export class Coverage {
  readonly #steps: Readonly<Record<Stream, Set<number>>> = {
    log: new Set(),
    metric: new Set(),
    span: new Set(),
  };

  add(stream: Stream, us: number): void {
    this.#steps[stream].add(Math.floor(us / stepUs));
  }

  /** Intervals in scenario time; a stream that was never added counts as recorded throughout. */
  intervals(startUnixUs: number, durationUs: number): readonly StreamIntervals[] {
    return (['log', 'metric', 'span'] as const).flatMap((stream) => {
      const steps = [...this.#steps[stream]].sort((a, b) => a - b);
      if (steps.length === 0) return [];
      const stretches = join(steps, joinUs[stream]);
      const intervals = stretches
        .map(({ from, to }) => ({
          from: Math.max(0, from - startUnixUs),
          to: Math.min(durationUs, to - startUnixUs),
        }))
        .filter(({ from, to }) => to > from);
      return [{ stream, service: null, intervals }];
    });
  }
}

function join(steps: readonly number[], gapUs: number): readonly Interval[] {
  const stretches: { from: number; to: number }[] = [];
  for (const step of steps) {
    const [from, to] = [step * stepUs, (step + 1) * stepUs];
    const last = stretches.at(-1);
    if (last && from - last.to <= gapUs) last.to = to;
    else stretches.push({ from, to });
  }
  return stretches;
}
