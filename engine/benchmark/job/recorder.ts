/** Turns what an entry's detectors said into its outcome. */
import type { DetectorOutput } from '../../detect/index.ts';
import type { DetectorRange } from '../../detect/protocol.ts';
import type { BatchReader } from '../../replay/batch.ts';
import type { Micros } from '../../sdk/index.ts';
import type { EntryCost, EntryOutcome } from '../model.ts';

export interface Recorder {
  /** The records of a range, before what was said of them. */
  observe(reader: BatchReader, range: DetectorRange): void;
  /** What each detector of the entry said of the records before `through`. */
  add(outputs: readonly DetectorOutput[], through: Micros): void;
  finish(outputs: readonly DetectorOutput[], through: Micros, cost: EntryCost): EntryOutcome;
}
