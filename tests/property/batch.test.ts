import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BatchReader,
  BatchWriter,
  Kind,
  makeSlot,
  packBatch,
  unpackBatch,
} from '../../engine/replay/batch.ts';
import { limits } from '../../engine/limits.ts';
import { tries } from '../support/effort.ts';

/** Any string, lone surrogates included: what strangers' logs hold. */
const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
const record = fc.record({
  t: fc.integer({ min: 0, max: 2 ** 50 }),
  service: fc.integer({ min: 0, max: 500 }),
  severity: fc.integer({ min: 1, max: 24 }),
  body: fc.oneof(text(80), fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'é', 'a') })),
  trace: text(40),
  span: text(16),
  parent: text(16),
  attributes: text(60),
});

/** What UTF-8 can hold: a lone surrogate becomes U+FFFD, one unit for one. */
const wellFormed = (s: string) => s.toWellFormed();

describe('a columnar batch', () => {
  test('gives back every record it took, also through the packed form', () => {
    const slot = makeSlot();
    const other = makeSlot();
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), (records) => {
        const writer = new BatchWriter(slot);
        for (const r of records) expect(writer.log(r.t, r.service, r.severity, r)).toBe(true);
        const copy = new BatchWriter(other);
        unpackBatch(packBatch(writer), writer.count, copy);
        for (const reader of [new BatchReader(slot), new BatchReader(other)]) {
          reader.open(writer);
          records.forEach((r, i) => {
            expect(reader.columns.t[i]).toBe(r.t);
            expect(reader.columns.kind[i]).toBe(Kind.log);
            expect(reader.body(i)).toBe(wellFormed(r.body));
            expect(reader.trace(i)).toBe(wellFormed(r.trace));
            expect(reader.span(i)).toBe(wellFormed(r.span));
            expect(reader.parent(i)).toBe(wellFormed(r.parent));
            expect(reader.attributes(i)).toBe(wellFormed(r.attributes));
          });
        }
        expect(copy.textBytes).toBe(writer.textBytes);
      }),
      { numRuns: tries(200) },
    );
  });

  test('refuses what does not fit and keeps what it has', () => {
    const writer = new BatchWriter(makeSlot());
    const body = 'ä'.repeat(limits.bodyCharsMax);
    const blank = { trace: '', span: '', parent: '', attributes: '' };
    let taken = 0;
    while (writer.log(taken, 0, 9, { body, ...blank })) taken++;
    expect(taken).toBe(Math.floor(limits.batchTextBytesMax / (2 * limits.bodyCharsMax)));
    expect(writer.count).toBe(taken);
    expect(writer.metric(taken, 0, 1)).toBe(true);
  });

  test('takes batchRecordsMax records and no more', () => {
    const writer = new BatchWriter(makeSlot());
    for (let i = 0; i < limits.batchRecordsMax; i++) expect(writer.metric(i, 0, i)).toBe(true);
    expect(writer.metric(0, 0, 0)).toBe(false);
  });

  test('finds the first record at or after a time', () => {
    const slot = makeSlot();
    const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 });
    fc.assert(
      fc.property(times, fc.integer({ min: -1, max: 51 }), (unsorted, time) => {
        const sorted = unsorted.toSorted((a, b) => a - b);
        const writer = new BatchWriter(slot);
        for (const t of sorted) writer.metric(t, 0, 0);
        const reader = new BatchReader(slot);
        reader.open(writer);
        const found = sorted.findIndex((t) => t >= time);
        expect(reader.indexAt(time)).toBe(found < 0 ? sorted.length : found);
      }),
    );
  });
});
