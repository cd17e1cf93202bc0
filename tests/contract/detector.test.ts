/** Every bundled detector keeps the contract and its own examples. */
import { describe, expect, test } from 'vitest';
import { testDetector, type Examples } from '../../engine/detect/testing/index.ts';
import { builtIns } from '../../plugins/index.ts';

const loaded = await Promise.all(
  builtIns.map(async ({ id }) => {
    const module: { default: unknown } = await import(`../../plugins/${id}/detector.ts`);
    const examples: { default: Examples } = await import(`../../plugins/${id}/examples.ts`);
    return { id, detector: module.default, examples: examples.default };
  }),
);

describe.each(loaded)('$id', ({ id, detector, examples }) => {
  const results = testDetector(detector, examples, id);

  test.each(results)('$name', ({ reason }) => {
    expect(reason).toBe('');
  });

  test('was held to more than its metadata', () => {
    expect(results.length).toBeGreaterThan(12);
  });

  test('is listed under its own id', () => {
    expect(Reflect.get(Object(detector), 'id')).toBe(id);
  });
});
