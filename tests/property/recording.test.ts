import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatInstant, parseTimestamp } from '../../engine/recording/timestamps.ts';
import { readAll, recorded, workplace } from '../support/recording.ts';
import type { Workplace } from '../support/recording.ts';
import { tries } from '../support/effort.ts';

let place: Workplace;
beforeEach(() => void (place = workplace()));
afterEach(() => place.remove());

const instant = fc.record({
  us: fc.integer({ min: 1, max: Date.UTC(2199, 11, 31) * 1000 }),
  ns: fc.integer({ min: 0, max: 999 }),
});

describe('timestamps', () => {
  test('an instant written as RFC 3339 reads back exactly', () => {
    fc.assert(
      fc.property(instant, (at) => {
        expect(parseTimestamp(formatInstant(at))).toEqual(at);
      }),
    );
  });

  test('the same moment as s, ms, µs, ns and in any zone', () => {
    // Past 2^32 seconds (2106) a double of seconds is coarser than a microsecond.
    const moment = fc.integer({ min: Date.UTC(2001, 9, 1), max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(moment, fc.integer({ min: -14, max: 14 }), (ms, zone) => {
        const at = { us: ms * 1000, ns: 0 };
        expect(parseTimestamp(`${ms}000000`)).toEqual(at);
        expect(parseTimestamp(ms * 1000)).toEqual(at);
        expect(parseTimestamp(ms)).toEqual(at);
        expect(parseTimestamp(ms / 1000)).toEqual(at);
        const local = new Date(ms + zone * 3600e3).toISOString().slice(0, -1);
        const sign = zone < 0 ? '-' : '+';
        const offset = `${sign}${String(Math.abs(zone)).padStart(2, '0')}:00`;
        expect(parseTimestamp(local + offset)).toEqual(at);
      }),
    );
  });

  test.each([
    '2023-02-29T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '-6795364578871345152',
    'yesterday',
    '',
    NaN,
    null,
    {},
  ])('%s is no timestamp', (value) => {
    expect(parseTimestamp(value)).toBeNull();
  });
});

const entries = fc.uniqueArray(
  fc.record({
    ms: fc.integer({ min: 0, max: 3_600_000 }),
    service: fc.constantFrom('a', 'b', 'c'),
    msg: fc.string({ maxLength: 20 }),
  }),
  { selector: ({ ms }) => ms, minLength: 1, maxLength: 40 },
);
const asLine = ({ ms, service, msg }: { ms: number; service: string; msg: string }) =>
  JSON.stringify({ ts: 1714564800000 + ms, service, msg });

describe('reading', () => {
  test('neither the order of rows nor of files changes the stream', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.nat(), fc.boolean(), async (all, seed, swap) => {
        const shuffled = all
          .map((entry, i) => ({ entry, key: Math.imul(i + 1, seed | 1) >>> 0 }))
          .sort((x, y) => x.key - y.key)
          .map(({ entry }) => entry);
        const half = shuffled.length >> 1;
        const path = (name: string, part: typeof all) =>
          place.write(name, part.map(asLine).join('\n'));
        const one = path('one.jsonl', all);
        const two = [
          path('x.jsonl', shuffled.slice(0, half)),
          path('y.jsonl', shuffled.slice(half)),
        ];
        const source = (file: string) => ({
          format: 'jsonl-logs' as const,
          path: file,
          options: {},
        });
        const straight = await readAll(recorded([source(one)]), place.cacheFolder);
        const mixed = await readAll(
          recorded((swap ? two.toReversed() : two).map(source)),
          place.cacheFolder,
        );
        expect(mixed.records).toEqual(straight.records);
        expect(straight.records).toHaveLength(all.length);
      }),
      { numRuns: tries(25) },
    );
  });

  test('read = stored + rejected + duplicates, whatever the lines are', async () => {
    const anyLine = fc.oneof(
      fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ' ')),
      fc.json({ maxDepth: 3 }).map((text) => text.replaceAll('\n', ' ')),
      fc.constantFrom('{"ts":1714564800,"msg":"x"}', '{"ts":1714564801,"msg":"y"}'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 30 }), async (lines) => {
        const all = ['{"ts":1714564800,"msg":"first"}', ...lines];
        const sources = ['one.jsonl', 'two.jsonl'].map((name) => ({
          format: 'jsonl-logs' as const,
          path: place.write(name, all.join('\n')),
          options: {},
        }));
        const scenario = recorded(sources, {
          startUnixUs: 1714564800e6,
          durationUs: 3600e6,
        });
        const { header, records } = await readAll(scenario, place.cacheFolder);
        const { read, stored, rejected, duplicates } = header.intake ?? fail();
        expect(read).toBe(stored + rejected + duplicates);
        expect(stored).toBe(records.length);
        expect(duplicates).toBe(stored);
        expect(read).toBe(2 * all.filter((line) => line.replace(/\r$/, '').length > 0).length);
      }),
      { numRuns: tries(40) },
    );
  });
});

function fail(): never {
  throw new Error('a recording has counts');
}
