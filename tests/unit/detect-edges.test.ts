import { describe, expect, test } from 'vitest';
import { EdgeResolver } from '../../engine/detect/edges.ts';
import { limits } from '../../engine/limits.ts';
import type { Span } from '../../engine/sdk/index.ts';

function span(spanId: string, parentId = ''): Span {
  const fixed = { kind: 'span', t: 0, service: '', name: '', durationUs: 1, status: 'ok' } as const;
  return { ...fixed, traceId: 't', spanId, parentId, attributes: {} };
}

const pairs = (calls: readonly { caller: number; callee: number }[]) =>
  calls.map(({ caller, callee }) => [caller, callee]);

describe('the calls between services', () => {
  test('are known when the later of caller and callee is, whichever that is', () => {
    const edges = new EdgeResolver();
    expect(edges.resolve(span('child', 'parent'), 1)).toEqual([]);
    expect(pairs(edges.resolve(span('parent'), 0))).toEqual([[0, 1]]);
    expect(pairs(edges.resolve(span('late child', 'parent'), 2))).toEqual([[0, 2]]);
    expect(pairs(edges.resolve(span('own child', 'parent'), 0))).toEqual([]);
  });

  test('wait in bounded number, however many share one parent or none', () => {
    const edges = new EdgeResolver();
    const many = limits.spansWaitingMax + 10;
    for (let i = 0; i < many; i++) edges.resolve(span(`a${i}`, 'one parent'), 1);
    for (let i = 0; i < many; i++) edges.resolve(span(`b${i}`, `parent ${i}`), 1);
    const { seen, waiting } = edges.snapshot();
    expect(seen.length).toBeLessThanOrEqual(limits.spansWaitingMax);
    expect(waiting.reduce((sum, [, list]) => sum + list.length, 0)).toBeLessThanOrEqual(
      limits.spansWaitingMax,
    );
    expect(pairs(edges.resolve(span(`parent ${many - 1}`), 0))).toEqual([[0, 1]]);
  });

  test('go on from a snapshot as they would have', () => {
    const edges = new EdgeResolver();
    edges.resolve(span('child', 'parent'), 1);
    const other = new EdgeResolver();
    other.restore(edges.snapshot());
    edges.resolve(span('second', 'parent'), 2);
    expect(pairs(other.resolve(span('parent'), 0))).toEqual([[0, 1]]);
    expect(pairs(edges.resolve(span('parent'), 0))).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });
});
