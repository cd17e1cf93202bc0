/** What an entry finds in an outage, and the incidents that the engine opens from it, as in a run. */
import type { DetectorOutput } from '../../detect/index.ts';
import type { DetectorRange } from '../../detect/protocol.ts';
import type { BatchReader } from '../../replay/batch.ts';
import { EventMerge } from '../../replay/event-merge.ts';
import type { SourceHeader } from '../../replay/source.ts';
import type { Micros } from '../../sdk/index.ts';
import type { EngineEvents } from '../../store/index.ts';
import type { EntryCost, OutageOutcome } from '../model.ts';
import type { Recorder } from './recorder.ts';

/** Findings closer together than this say the same; it bounds what is kept of a detector that talks on. */
const windowUs = 10_000_000;

export class OutageRecorder implements Recorder {
  readonly #merge: EventMerge;
  readonly #opened: OutageOutcome['opened'][number][] = [];
  readonly #timesUs: number[] = [];
  readonly #scores: number[] = [];
  #window = -1;
  #findingCount = 0;

  constructor(header: SourceHeader) {
    this.#merge = new EventMerge(header);
  }

  observe(reader: BatchReader, { from, to }: DetectorRange): void {
    this.#merge.observe(reader.columns, from, to);
  }

  add(outputs: readonly DetectorOutput[], through: Micros): void {
    for (const output of outputs) this.#merge.add(output);
    this.#take(this.#merge.advance(through));
  }

  finish(outputs: readonly DetectorOutput[], through: Micros, cost: EntryCost): OutageOutcome {
    for (const output of outputs) this.#merge.add(output);
    this.#take(this.#merge.finish(through));
    const findings = {
      timesUs: Float64Array.from(this.#timesUs),
      scores: Float64Array.from(this.#scores),
    };
    const findingCount = this.#findingCount;
    return { kind: 'outage', opened: this.#opened, findingCount, findings, cost };
  }

  #found({ t, score }: { readonly t: Micros; readonly score: number }): void {
    this.#findingCount++;
    const window = Math.floor(t / windowUs);
    if (window !== this.#window) {
      this.#window = window;
      this.#timesUs.push(t);
      this.#scores.push(score);
      return;
    }
    const last = this.#scores.length - 1;
    if (score <= (this.#scores[last] as number)) return;
    this.#timesUs[last] = t;
    this.#scores[last] = score;
  }

  #take({ findings, incidentEvents }: EngineEvents): void {
    for (const finding of findings) this.#found(finding);
    for (const event of incidentEvents) {
      if (event.kind !== 'opened') continue;
      const { t, title, severity } = event;
      this.#opened.push({ t, title, severity });
    }
  }
}
