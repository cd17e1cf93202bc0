import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  nabProfileList,
  prepareNabRows,
  scoreNab,
  scoreNabOptimised,
  type NabFile,
  type RowWindow,
} from '../../engine/benchmark/index.ts';
import { tries } from '../support/effort.ts';
import { referenceBest, referenceScore } from '../support/nab-reference.ts';

/** Windows from lengths of what is between them and of themselves, cut where the file ends. */
function windowsOf(rows: number, steps: readonly (readonly [gap: number, width: number])[]) {
  const windows: RowWindow[] = [];
  let free = 0;
  for (const [gap, width] of steps) {
    const first = free + gap;
    const last = first + width - 1;
    if (last >= rows) break;
    windows.push({ first, last });
    free = last + 1;
  }
  return windows;
}

const scoredFile = fc
  .record({
    rows: fc.integer({ min: 1, max: 60 }),
    steps: fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 10 })), {
      maxLength: 4,
    }),
    levels: fc.integer({ min: 1, max: 6 }),
  })
  .chain(({ rows, steps, levels }) =>
    fc.record({
      file: fc.constant<NabFile>({ name: 'f', rows, windows: windowsOf(rows, steps) }),
      scores: fc
        .array(fc.integer({ min: 0, max: levels }), { minLength: rows, maxLength: rows })
        .map((drawn) => Float64Array.from(drawn, (level) => level / levels)),
    }),
  );

test('score and best threshold are those of the definition, whatever the files', () => {
  fc.assert(
    fc.property(
      fc.array(scoredFile, { minLength: 1, maxLength: 4 }),
      fc.double({ min: 0, max: 1.2, noNaN: true }),
      (all, threshold) => {
        const files = all.map(({ file }) => file);
        const scores = all.map(({ scores: own }) => own);
        const input = { files: files.map(prepareNabRows), scores };
        const best = scoreNabOptimised(input, nabProfileList);
        for (const [p, profile] of nabProfileList.entries()) {
          const given = scoreNab(input, profile, threshold);
          files.forEach((file, f) => {
            const wanted = referenceScore(file, scores[f]!, profile, threshold);
            expect(given.files[f]!.score).toBeCloseTo(wanted, 10);
          });
          expect(best[p]!.raw).toBeCloseTo(referenceBest(files, scores, profile), 10);
        }
      },
    ),
    { numRuns: tries(200) },
  );
});
