/**
 * Something of a benchmark that is played again: the run begins at once, and the page goes to it as
 * soon as the moment that one wants to see is there.
 */
import { goto } from '$app/navigation';
import { ask, problemFrom, tell, type Problem } from '$lib/api/ask.ts';
import { boardPath } from './paths.ts';
import { runHref } from './run-href.ts';
import type { Micros } from '../../../engine/sdk/index.ts';
import type { RunOverview } from '../../../engine/query/types.ts';
import type { StartedPlay } from '../../server/bench-answers.ts';

const lookEveryMs = 400;

export interface PlayWanted {
  readonly board: string;
  readonly item: string;
  readonly entry: string;
  readonly seed: number;
  readonly tUs: Micros;
}

export class Play {
  /** 0 to 1 while it is played up to the moment. */
  progress = $state<number | null>(null);
  problem = $state.raw<Problem | null>(null);
  #gone = false;

  constructor() {
    $effect(() => () => (this.#gone = true));
  }

  async start({ board, item, entry, seed, tUs }: PlayWanted): Promise<void> {
    this.progress = 0;
    this.problem = null;
    try {
      const started = await tell<StartedPlay>(`${boardPath(board)}/plays`, { item, entry, seed });
      await this.#follow(started.run, tUs);
    } catch (thrown) {
      this.problem = problemFrom(thrown);
    } finally {
      this.progress = null;
    }
  }

  async #follow(run: string, tUs: Micros): Promise<void> {
    while (!this.#gone) {
      const { state, throughUs } = await ask<RunOverview>(
        `runs/${encodeURIComponent(run)}/overview`,
      );
      const isOver = state !== 'running' && state !== 'paused';
      if (isOver || throughUs > tUs) return goto(runHref(run, tUs));
      this.progress = Math.min(1, throughUs / Math.max(1, tUs));
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  }
}
