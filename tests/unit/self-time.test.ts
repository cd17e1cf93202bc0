/** Self times of spans against a count of microseconds one by one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Span } from '../../engine/sdk/index.ts';
import { noSelfTimes, selfTimeOf } from '../../plugins/own-latency/self-time.ts';

function span(of: Partial<Span> & { readonly kindOf: string }): Span {
  const { kindOf, ...rest } = of;
  const fixed = { kind: 'span', t: 0, service: 'web', name: 'x', durationUs: 0 } as const;
  const ids = { traceId: 't', spanId: '', parentId: '', status: 'ok' } as const;
  return { ...fixed, ...ids, ...rest, attributes: { 'span.kind': kindOf } };
}

const stretch = fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);

test('is the time of the server span in which no call was under way', () => {
  fc.assert(
    fc.property(
      fc.array(stretch, { maxLength: 8 }),
      fc.integer({ min: 30, max: 60 }),
      (calls, end) => {
        const times = noSelfTimes();
        // In the order in which they end; those that outlast the server span come too late to be waited for.
        const heard = calls
          .filter(([, to = 0]) => to <= end)
          .sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0));
        heard.forEach(([from = 0, to = 0], i) => {
          const call = { kindOf: 'client', spanId: `c${i}`, parentId: 's', t: to };
          expect(selfTimeOf(times, span({ ...call, durationUs: to - from }))).toBeNull();
        });
        let own = 0;
        for (let us = 10; us < end; us++) {
          if (!heard.some(([from = 0, to = 0]) => us >= from && us < to)) own++;
        }
        const server = { kindOf: 'server', spanId: 's', t: end, durationUs: end - 10 };
        expect(selfTimeOf(times, span(server))).toBe(own);
        expect(times.waits).toEqual({});
      },
    ),
  );
});

test('sees through work of the service itself that made the call', () => {
  const times = noSelfTimes();
  selfTimeOf(times, span({ kindOf: 'client', spanId: 'c', parentId: 'i', t: 80, durationUs: 50 }));
  selfTimeOf(
    times,
    span({ kindOf: 'internal', spanId: 'i', parentId: 's', t: 90, durationUs: 70 }),
  );
  expect(selfTimeOf(times, span({ kindOf: 'server', spanId: 's', t: 100, durationUs: 100 }))).toBe(
    50,
  );
});

test('keeps a bounded number of calls whose parent never comes', () => {
  const times = noSelfTimes();
  for (let i = 0; i < 5000; i++) {
    selfTimeOf(
      times,
      span({ kindOf: 'CLIENT', spanId: `c${i}`, parentId: `${i}`, t: 9, durationUs: 9 }),
    );
  }
  expect(Object.keys(times.waits)).toHaveLength(times.waiting);
  expect(times.waiting).toBeLessThanOrEqual(512);
  // The latest are those that may still meet their parent.
  const late = { kindOf: 'server', spanId: '4999', t: 10, durationUs: 10 };
  expect(selfTimeOf(times, span(late))).toBe(1);
});
