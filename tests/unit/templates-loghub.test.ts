// The bar on published logs: one configuration for all systems, and no parameter that it hangs on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  averageOf,
  createMiner,
  evaluateLoghub,
  mine,
  resolve,
  type SystemScore,
} from '../../engine/templates/index.ts';
import { compareGrouping } from '../../engine/templates/evaluation/grouping.ts';
import { findSystems, readTruth, type TrueLine } from '../../engine/templates/evaluation/loghub.ts';
import { dataFolder } from '../support/recording.ts';

const loghub = join(dataFolder, 'loghub');
const hasLoghub = existsSync(loghub);
if (!hasLoghub) {
  process.stderr.write(`skipped: no ${loghub}; set WORKBENCH_DATA to test log templates on it\n`);
}

describe.skipIf(!hasLoghub)('Loghub', () => {
  test('lines are grouped as people group them', { timeout: 60_000 }, async () => {
    const scores: SystemScore[] = [];
    for await (const score of evaluateLoghub(loghub)) scores.push(score);
    const average = averageOf(scores);
    expect(scores.length).toBeGreaterThanOrEqual(8);
    expect(average.groupingAccuracy).toBeGreaterThanOrEqual(0.87);
    expect(average.emittedAccuracy).toBeGreaterThanOrEqual(0.87);
    expect(average.groupingF1).toBeGreaterThanOrEqual(0.87);
    expect(average.corrected?.groupingAccuracy).toBeGreaterThanOrEqual(0.87);
  });

  test('the order of the lines makes no difference to speak of', { timeout: 60_000 }, async () => {
    for (const { name, structuredFile } of findSystems(loghub)) {
      const lines: TrueLine[] = [];
      for await (const line of readTruth(structuredFile, 'EventId')) lines.push(line);
      const [forwards, backwards] = [lines, lines.toReversed()].map((ordered) => {
        const miner = createMiner();
        const ids = ordered.map(({ content }) => mine(miner, content));
        const truth = ordered.map(({ group }) => group);
        return compareGrouping(
          ids.map((id) => resolve(miner, id)),
          truth,
        ).groupingAccuracy;
      });
      expect(Math.abs((forwards ?? 0) - (backwards ?? 1)), name).toBeLessThan(0.02);
    }
  });
});
