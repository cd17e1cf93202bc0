// Grouping accuracy and F1, against their definitions.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareGrouping, unknownGroup } from '../../engine/templates/evaluation/grouping.ts';
import { tries } from '../support/effort.ts';

test('one line too many makes a whole group wrong, and the one that lacks it', () => {
  // True groups: lines 0–3, 4–5, 6. Found: 0–3, 4, 5–6.
  expect(compareGrouping([7, 7, 7, 7, 2, 3, 3], [0, 0, 0, 0, 1, 1, 2])).toEqual({
    lines: 7,
    found: 3,
    truth: 3,
    groupingAccuracy: 4 / 7,
    groupingF1: 1 / 3,
  });
});

test('lines that the truth does not know are taken out first', () => {
  const score = compareGrouping([1, 1, 1, 5], [0, 0, unknownGroup, unknownGroup]);
  expect(score).toEqual({ lines: 2, found: 1, truth: 1, groupingAccuracy: 1, groupingF1: 1 });
  const nothing = compareGrouping([1], [unknownGroup]);
  expect(nothing).toMatchObject({ lines: 0, groupingAccuracy: 0, groupingF1: 0 });
});

test('it is what the definition says, word for word', () => {
  const groups = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.integer({ min: -1, max: 4 })), {
    minLength: 1,
    maxLength: 14,
  });
  fc.assert(
    fc.property(groups, (pairs) => {
      const known = pairs.filter(([, truth]) => truth !== unknownGroup);
      const lines = [...known.keys()];
      const sameAs = (line: number, which: 0 | 1) =>
        lines.filter((other) => known[other]?.[which] === known[line]?.[which]).join();
      const right = lines.filter((line) => sameAs(line, 0) === sameAs(line, 1));
      const found = new Set(lines.map((line) => sameAs(line, 0)));
      const truth = new Set(lines.map((line) => sameAs(line, 1)));
      const both = [...found].filter((group) => truth.has(group)).length;
      const [precision, recall] = [both / found.size, both / truth.size];
      const f1 = both === 0 ? 0 : (2 * precision * recall) / (precision + recall);
      const score = compareGrouping(
        pairs.map(([one]) => one),
        pairs.map(([, other]) => other),
      );
      expect(score.groupingAccuracy).toBeCloseTo(
        lines.length ? right.length / lines.length : 0,
        12,
      );
      expect(score.groupingF1).toBeCloseTo(f1, 12);
    }),
    { numRuns: tries(300) },
  );
});
