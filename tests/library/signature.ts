/** What an outage looks like when it is the one it claims to be: the row of its archetype, as checks. */
import type { Clue } from '../../engine/scenario/model.ts';

export type Signature = readonly Clue[];

/** µs. */
export const minute = 60_000_000;
