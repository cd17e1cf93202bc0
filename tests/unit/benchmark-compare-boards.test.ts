/** Two boards against each other: what may be compared, and what is more than noise. */
import { describe, expect, test } from 'vitest';
import { comparable, compareBoards } from '../../engine/benchmark/index.ts';
import { boardOf } from '../support/board.ts';

const scores = [0.2, 0.4, 0.5, 0.3, 0.6, 0.1, 0.5, 0.4, 0.7, 0.3];
const raised = scores.map((score, i) => score + 0.1 + i / 100);

describe('what compares', () => {
  const board = boardOf({ zscore: scores });
  const reasonsOf = (changes: Parameters<typeof boardOf>[1]) =>
    comparable(board, boardOf({ zscore: scores }, changes));

  test('the same items, seeds and engine do, whatever the suite and its folder are called', () => {
    expect(comparable(board, boardOf({ other: raised }, { suite: '/elsewhere' }))).toEqual({
      ok: true,
      reasons: [],
      canBeForced: true,
    });
  });

  test.each([
    ['engine', { engineVersion: '2.0.0' }, /engine 1\.0\.0 made one, 2\.0\.0 the other/],
    ['seeds', { seeds: [1, 2] }, /seeds 1 in one, 1, 2 in the other/],
    [
      'hash',
      { items: board.items.map((item, i) => (i === 3 ? { ...item, hash: 'new' } : item)) },
      /not the same: item-3$/,
    ],
    ['fewer items', { items: board.items.slice(4) }, /only in the older: item-0, .* and 1 more/],
  ])('another %s is a reason, which can be overruled', (_, changes, reason) => {
    const found = reasonsOf(changes);
    expect(found.ok).toBe(false);
    expect(found.canBeForced).toBe(true);
    expect(found.reasons.join('; ')).toMatch(reason);
  });

  test('outages against series cannot be forced, nor boards without a common item', () => {
    expect(reasonsOf({ rankedBy: 'vus_pr' }).canBeForced).toBe(false);
    const others = board.items.map((item) => ({ ...item, id: `other-${item.id}` }));
    expect(reasonsOf({ items: others }).canBeForced).toBe(false);
  });
});

describe('what changed', () => {
  test('a board against itself: nothing, with certainty', () => {
    const board = boardOf({ zscore: scores, cusum: raised });
    const { entries, added, removed } = compareBoards(board, board);
    for (const { figures, paired } of entries) {
      expect(figures['f1']?.gain).toBe(0);
      expect(paired).toMatchObject({ difference: 0, p: 1, correctedP: 1, verdict: 'alike' });
    }
    expect([added, removed]).toEqual([[], []]);
  });

  test('a gain on every item is one, in every direction that is better', () => {
    const { entries } = compareBoards(boardOf({ zscore: scores }), boardOf({ zscore: raised }));
    const [own] = entries;
    expect(own?.figures['f1']?.gain).toBeGreaterThan(0);
    expect(own?.figures['delay']?.gain).toBeGreaterThan(0);
    // All ten signs alike: 2 of 1,024 ways.
    expect(own?.paired?.p).toBeCloseTo(2 / 1024, 12);
    expect(own?.paired?.verdict).toBe('better');
    const back = compareBoards(boardOf({ zscore: raised }), boardOf({ zscore: scores }));
    expect(back.entries[0]?.paired?.verdict).toBe('worse');
    expect(back.entries[0]?.paired?.difference).toBe(-(own?.paired?.difference ?? NaN));
  });

  test('what is significant alone is not among twenty others', () => {
    const others = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`other-${i}`, scores]));
    const before = boardOf({ zscore: scores, ...others });
    const after = boardOf({ zscore: raised, ...others });
    const paired = compareBoards(before, after).entries.find(({ entry }) => entry === 'zscore');
    expect(paired?.paired?.p).toBeLessThan(0.05);
    expect(paired?.paired?.correctedP).toBeGreaterThan(0.05);
    expect(paired?.paired?.verdict).toBe('alike');
  });

  test('scores are paired by item, not by position, and only where both have one', () => {
    const before = boardOf({ zscore: [0.1, 0.2, 0.3, null] });
    const turned = boardOf({ zscore: [null, 0.3, 0.2, 0.1] });
    const after = { ...turned, items: before.items.toReversed() };
    const { items, entries } = compareBoards(before, after);
    expect(items).toHaveLength(4);
    expect(entries[0]?.paired).toMatchObject({ items: 3, difference: 0 });
  });

  test('entries that one of them lacks are named', () => {
    const { added, removed, entries } = compareBoards(
      boardOf({ old: scores, both: scores }),
      boardOf({ both: scores, new: scores }),
    );
    expect([added, removed]).toEqual([['new'], ['old']]);
    expect(entries.map(({ entry }) => entry)).toEqual(['both']);
  });
});
