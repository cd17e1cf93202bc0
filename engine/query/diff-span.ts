/** How much of two runs can be held against each other: what both got to. */
import type { Micros } from '../sdk/index.ts';
import type { DiffLimit } from './diff-types.ts';
import { reachOf } from './reach.ts';
import type { RunReader } from './reader.ts';

export interface DiffSpan {
  readonly untilUs: Micros;
  /** The last moment that both know whole: `untilUs` itself only where both ended there. */
  readonly lastUs: Micros;
  /** Both ended, so that their last bucket is as long as it is in the scenario. */
  readonly whole: boolean;
  readonly limitedBy: DiffLimit | null;
}

export function spanOf(a: RunReader, b: RunReader): DiffSpan {
  const [reachA, reachB] = [reachOf(a), reachOf(b)];
  const bIsShorter = reachB.untilUs < reachA.untilUs || (reachA.whole && !reachB.whole);
  const aIsShorter = reachA.untilUs < reachB.untilUs;
  const [run, reach] = bIsShorter && !aIsShorter ? [b, reachB] : [a, reachA];
  const { untilUs, whole, state } = reach;
  const isLimited = !whole || reachA.untilUs !== reachB.untilUs;
  return {
    untilUs,
    lastUs: whole ? untilUs : Math.max(0, untilUs - 1),
    whole,
    limitedBy: isLimited ? { run: run.run().id, state } : null,
  };
}
