/**
 * What a stream of logs teaches about its templates, step by step. Whoever follows the steps knows at
 * each record what the miner knew there, and nothing of what it learned later.
 */
import type { LogTemplate, Micros } from '../sdk/index.ts';
import { createMiner, mine, overflowTemplate, templateOf } from './miner.ts';

/** A template is new, its text became more general, or it became part of another one. */
export interface TemplateStep {
  /** The record of the batch that taught it. */
  readonly index: number;
  readonly t: Micros;
  readonly id: number;
  /** '' where it is part of another. */
  readonly text: string;
  readonly mergedInto: number | null;
}

/** What one line taught, wherever it came. */
export type Lesson = Omit<TemplateStep, 'index' | 't'>;

/** A miner that tells what it learns. */
export interface TemplateLearner {
  /** The id of the line's template; what it taught goes to `lessons`. */
  learn(line: string): number;
  /** In the order in which they hold; whoever reads them empties the list. */
  readonly lessons: Lesson[];
}

export function createLearner(): TemplateLearner {
  const changed = new Set<number>();
  const miner = createMiner({ changed: (id) => changed.add(id) });
  const lessons: Lesson[] = [];
  return {
    lessons,
    learn(line) {
      const id = mine(miner, line);
      if (changed.size === 0) return id;
      for (const one of changed) {
        const mergedInto = miner.templates[one]?.mergedInto ?? null;
        const text = mergedInto === null ? (templateOf(miner, one) ?? '') : '';
        lessons.push({ id: one, text, mergedInto });
      }
      changed.clear();
      return id;
    },
  };
}

/** The steps of the records [from, to) of a batch. */
export function stepsWithin(
  steps: readonly TemplateStep[],
  from: number,
  to: number,
): readonly TemplateStep[] {
  if (steps.length === 0) return steps;
  return steps.filter(({ index }) => index >= from && index < to);
}

/** Lines that no template was kept for, and those of a stream that nobody mined. */
const noTemplate: LogTemplate = Object.freeze({
  id: overflowTemplate,
  text: '<*>',
  absorbed: Object.freeze([]),
});

/** The templates as the steps so far leave them. */
export class TemplateBook {
  readonly #templates: (LogTemplate | undefined)[] = [];

  apply({ id, text, mergedInto }: Lesson): void {
    const before = this.#templates[id]?.absorbed ?? [];
    if (mergedInto === null) return this.#set({ id, text, absorbed: before });
    const target = this.at(mergedInto);
    this.#templates[id] = undefined;
    this.#set({ ...target, absorbed: [...target.absorbed, id, ...before] });
  }

  at(id: number): LogTemplate {
    return this.#templates[id] ?? noTemplate;
  }

  /** All of them, as plain data. */
  snapshot(): LogTemplate[] {
    return this.#templates.filter((template) => template !== undefined);
  }

  restore(templates: readonly LogTemplate[]): void {
    this.#templates.length = 0;
    for (const template of templates) this.#set(template);
  }

  /** Frozen: every detector is given the same object. */
  #set({ id, text, absorbed }: LogTemplate): void {
    this.#templates[id] = Object.freeze({ id, text, absorbed: Object.freeze([...absorbed]) });
  }
}
