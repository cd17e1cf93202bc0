// The bar on published logs: one configuration for all systems, and no parameter that it hangs on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { averageOf, evaluateLoghub, type SystemScore } from '../../engine/templates/index.ts';
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
});
