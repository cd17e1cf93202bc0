/**
 * How many requests a point stands for: the last rate of its service times the point's cadence. Every
 * shard counts for itself, from all points, so the number is the same wherever a state lives.
 */
import { rateSeriesOf } from '../health/index.ts';
import type { SourceHeader } from '../replay/source.ts';

export class RequestCounts {
  readonly #rateOf: readonly (number | null)[];
  readonly #cadences: readonly number[];
  readonly #isRate: readonly boolean[];
  /** By series; null until the first point of a rate. */
  #last: (number | null)[];

  constructor(header: SourceHeader) {
    this.#rateOf = rateSeriesOf(header);
    this.#cadences = header.series.map(({ cadenceUs }) => cadenceUs);
    this.#isRate = header.series.map(({ role }) => role === 'request_rate');
    this.#last = header.series.map(() => null);
  }

  /** Takes note of a point; to be called for every one, in order. */
  observe(series: number, value: number): void {
    if (this.#isRate[series]) this.#last[series] = value;
  }

  /** Requests behind the latest point of a series; null where its rate or cadence is not known. */
  of(series: number): number | null {
    const rate = this.#rateOf[series] ?? null;
    const cadenceUs = this.#cadences[series] ?? 0;
    const last = rate === null ? null : (this.#last[rate] ?? null);
    return last === null || cadenceUs === 0 ? null : (last * cadenceUs) / 1e6;
  }

  snapshot(): readonly (number | null)[] {
    return [...this.#last];
  }

  restore(last: readonly (number | null)[]): void {
    this.#last = [...last];
  }
}
