import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMoment } from '../../engine/moment.ts';
import { momentText } from '../../engine/wording.ts';

test.each([
  ['T+12:30', 750],
  ['t+12:30', 750],
  ['12:30', 750],
  ['1:02:30', 3750],
  ['90:00', 5400],
  ['0:00.25', 0.25],
  ['12m30s', 750],
  ['T+12m30s', 750],
  ['90s', 90],
  ['250ms', 0.25],
])('%s', (text, seconds) => {
  expect(parseMoment(text)).toBe(seconds * 1e6);
});

test.each([
  '',
  'T+',
  '12',
  '12:3',
  '12:60',
  '-1:00',
  '1:2:3:4',
  '12:30pm',
  '30s12m',
  'noon',
  '9'.repeat(50),
])('no moment: %s', (text) => {
  expect(parseMoment(text)).toBeNull();
});

test('what is printed is read again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300_000 }), (seconds) => {
      expect(parseMoment(momentText(seconds * 1e6))).toBe(seconds * 1e6);
    }),
  );
});
