import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, RunDigest } from '../../engine/store/digest.ts';

const plain = fc.jsonValue({ maxDepth: 4 });

/** The same value with the keys of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reordered(item)]),
  );
}

describe('the canonical encoding', () => {
  test('does not know the order of keys', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(canonical(reordered(value)).equals(canonical(value))).toBe(true);
      }),
    );
  });

  test('tells different values apart', () => {
    const key = (value: unknown) =>
      JSON.stringify(value, (_, v: unknown) =>
        typeof v === 'object' && v !== null && !Array.isArray(v)
          ? Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))
          : Object.is(v, -0)
            ? 0
            : v,
      );
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        // Objects and arrays of pairs look alike to the key: compare such pairs by type as well.
        fc.pre(key(a) !== key(b));
        expect(canonical(a).equals(canonical(b))).toBe(false);
      }),
    );
  });

  test('refuses what has no value', () => {
    expect(() => canonical(() => 1)).toThrow(TypeError);
    expect(canonical({ a: undefined }).equals(canonical({}))).toBe(true);
  });
});

describe('the digest of a run', () => {
  const events = fc.array(fc.tuple(fc.constantFrom('finding', 'health', 'score'), plain));

  test('does not know how the kinds of events were interleaved', () => {
    fc.assert(
      fc.property(events, (given) => {
        const asGiven = new RunDigest({});
        for (const [stream, event] of given) asGiven.event(stream as 'finding', event);
        const byKind = new RunDigest({});
        for (const stream of ['health', 'finding', 'score'] as const) {
          for (const [s, event] of given) if (s === stream) byKind.event(stream, event);
        }
        expect(byKind.read()).toBe(asGiven.read());
      }),
    );
  });

  test('knows order within a kind, and goes on after it was read', () => {
    const digest = new RunDigest({});
    digest.event('finding', 1);
    const after1 = digest.read();
    digest.event('finding', 2);
    const other = new RunDigest({});
    other.event('finding', 2);
    other.event('finding', 1);
    expect(digest.read()).not.toBe(after1);
    expect(digest.read()).not.toBe(other.read());
  });
});
