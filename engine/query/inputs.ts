/** What people did to the world of a simulated run, as they wrote it. */
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import type { RunReader } from './reader.ts';

export interface RunInput {
  readonly t: Micros;
  /** `rollback:payments`. */
  readonly text: string;
}

/** In the order of time. */
export function inputsOf(run: RunReader): readonly RunInput[] {
  return run.rows<RunInput>(`SELECT t, text FROM input ORDER BY k LIMIT ${limits.inputsMax}`);
}
