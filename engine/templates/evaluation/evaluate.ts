/** Mines every system of a Loghub folder, each with a new miner, and holds the groups against the truth. */
import { createMiner, mine, resolve } from '../miner.ts';
import type { Tuning } from '../tuning.ts';
import { compareGrouping, type Grouping } from './grouping.ts';
import { findSystems, invalid, readTruth, type LoghubSystem } from './loghub.ts';

export interface SystemScore extends Grouping {
  readonly system: string;
  /** Grouping accuracy of the ids as they were given, without what was learned later. */
  readonly emittedAccuracy: number;
  /** Against the corrected templates; null where the folder has none. */
  readonly corrected: Grouping | null;
}

export interface AverageScore {
  readonly systems: number;
  readonly groupingAccuracy: number;
  readonly groupingF1: number;
  readonly emittedAccuracy: number;
  /** Over the systems that have corrected templates; null where none has. */
  readonly corrected: {
    readonly systems: number;
    readonly groupingAccuracy: number;
    readonly groupingF1: number;
  } | null;
}

/**
 * One score after the other, in the order of the systems' names.
 * @throws WorkbenchError FILE_NOT_FOUND, LOGHUB_INVALID
 */
export async function* evaluateLoghub(
  folder: string,
  tuning: Partial<Tuning> = {},
): AsyncGenerator<SystemScore> {
  for (const system of findSystems(folder)) yield await evaluateSystem(system, tuning);
}

export function averageOf(scores: readonly SystemScore[]): AverageScore {
  const corrected = scores.flatMap((score) => score.corrected ?? []);
  return {
    systems: scores.length,
    groupingAccuracy: mean(scores.map((score) => score.groupingAccuracy)),
    groupingF1: mean(scores.map((score) => score.groupingF1)),
    emittedAccuracy: mean(scores.map((score) => score.emittedAccuracy)),
    corrected:
      corrected.length === 0
        ? null
        : {
            systems: corrected.length,
            groupingAccuracy: mean(corrected.map((score) => score.groupingAccuracy)),
            groupingF1: mean(corrected.map((score) => score.groupingF1)),
          },
  };
}

async function evaluateSystem(
  { name, structuredFile, correctedFile }: LoghubSystem,
  tuning: Partial<Tuning>,
): Promise<SystemScore> {
  const miner = createMiner({ tuning });
  const emitted: number[] = [];
  const truth: number[] = [];
  for await (const { content, group } of readTruth(structuredFile, 'EventId')) {
    emitted.push(mine(miner, content));
    truth.push(group);
  }
  if (truth.length === 0) throw invalid(structuredFile, 'it has no lines');
  const found = emitted.map((id) => resolve(miner, id));
  return {
    system: name,
    ...compareGrouping(found, truth),
    emittedAccuracy: compareGrouping(emitted, truth).groupingAccuracy,
    corrected: correctedFile === null ? null : await compareCorrected(correctedFile, found),
  };
}

/** By template: the ids of the corrected files are stale for some systems. */
async function compareCorrected(file: string, found: readonly number[]): Promise<Grouping> {
  const truth: number[] = [];
  for await (const { group } of readTruth(file, 'EventTemplate')) truth.push(group);
  if (truth.length !== found.length) {
    throw invalid(file, `it has ${truth.length} lines, the file that it corrects ${found.length}`);
  }
  return compareGrouping(found, truth);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
