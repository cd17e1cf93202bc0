/**
 * Fills a slot and mines the template of each log on the way in: where records come in their total
 * order, so that detectors, writer and every fork are given the same ids.
 */
import type { Micros } from '../sdk/index.ts';
import type { TemplateLearner } from '../templates/index.ts';
import { BatchWriter, type RecordText, type Slot } from './batch.ts';

export class MiningWriter extends BatchWriter {
  readonly #learner: TemplateLearner;

  /** @param learner of the whole stream, whatever slots it is cut into */
  constructor(slot: Slot, learner: TemplateLearner) {
    super(slot);
    this.#learner = learner;
  }

  override log(t: Micros, service: number, severity: number, text: RecordText): boolean {
    const index = this.count;
    // A record that does not fit comes again: it is learned once.
    if (!super.log(t, service, severity, text)) return false;
    const { lessons } = this.#learner;
    this.columns.value[index] = this.#learner.learn(text.body);
    for (const lesson of lessons) this.templates.push({ index, t, ...lesson });
    lessons.length = 0;
    return true;
  }
}
