/** What an entry says of each row of a series. Where several detectors speak the highest counts. */
import type { DetectorOutput } from '../../detect/index.ts';
import type { NabSeries } from '../nab-folder.ts';
import type { EntryCost, SeriesOutcome } from '../model.ts';
import type { Recorder } from './recorder.ts';
import { rowTimesUs } from './series-source.ts';

export class SeriesRecorder implements Recorder {
  readonly #rowOf: ReadonlyMap<number, number>;
  readonly #scores: Float64Array;
  readonly #alertScores: Float64Array;

  constructor(series: NabSeries) {
    const times = rowTimesUs(series);
    this.#rowOf = new Map(Array.from(times, (t, row) => [t, row]));
    this.#scores = new Float64Array(times.length);
    this.#alertScores = new Float64Array(times.length);
  }

  observe(): void {
    // A row is known by its time; its value says nothing here.
  }

  /** Of a row that a detector says nothing about, the score is 0: it has no opinion. */
  add(outputs: readonly DetectorOutput[]): void {
    for (const { t, score, alertScore } of outputs.flatMap(({ scores }) => scores)) {
      const row = this.#rowOf.get(t);
      if (row === undefined) continue;
      this.#scores[row] = Math.max(this.#scores[row] as number, score);
      this.#alertScores[row] = Math.max(this.#alertScores[row] as number, alertScore);
    }
  }

  finish(outputs: readonly DetectorOutput[], _through: number, cost: EntryCost): SeriesOutcome {
    this.add(outputs);
    return { kind: 'series', scores: this.#scores, alertScores: this.#alertScores, cost };
  }
}
