/** How the server has something of a benchmark played: by whoever knows scenarios and detectors. */
import type { PlayRecipe } from './bench-answers.ts';

export interface BenchPlays {
  /** One at a time. */
  readonly isBusy: () => boolean;
  /**
   * Resolves when the run has begun and can be asked for.
   * @throws WorkbenchError PLAY_REFUSED, and what loading a scenario and starting a run throw
   */
  start(recipe: PlayRecipe): Promise<{ readonly run: string }>;
}
