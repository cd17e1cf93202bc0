import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatSeconds,
  formatShare,
  formatSpeed,
  formatValue,
} from '../../web/lib/format/figure.ts';
import {
  formatAgo,
  formatDuration,
  formatPlayhead,
  formatTimeOfDay,
  formatUtc,
  parsePlayhead,
  speakTime,
} from '../../web/lib/format/time.ts';
import { highlight, visible, visibleLines } from '../../web/lib/logs/text.ts';

describe('time', () => {
  test('reads what it writes, to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (ms) => {
        expect(parsePlayhead(formatPlayhead(ms * 1000))).toBe(ms * 1000);
      }),
    );
  });

  test.each([
    ['12:30.250', 750_250_000],
    ['1:02:30', 3_750_000_000],
    ['750.5', 750_500_000],
    ['', null],
    ['-5', null],
    ['1:2:3:4', null],
  ])('%s is %s µs', (text, t) => expect(parsePlayhead(text)).toBe(t));

  test('durations', () => {
    expect([348, 3599, 7500, 200_000].map((s) => formatDuration(s * 1e6))).toEqual([
      '5:48',
      '59:59',
      '2 h 05 min',
      '2 d 7 h',
    ]);
    expect(speakTime(3_750_000_000)).toBe('1 h 2 min 30 s');
  });

  test('ages are in the largest unit that is over', () => {
    const ages = [5, 60, 7300, 86_400 * 1.5, -9].map((s) => formatAgo(0, s * 1000));
    expect(ages).toEqual(['just now', '1 minute ago', '2 hours ago', 'yesterday', 'just now']);
  });

  test('wall time is UTC whatever the zone of the machine', () => {
    const start = Date.UTC(2026, 2, 2, 9) * 1000;
    expect(formatTimeOfDay(start, 750_250_000)).toBe('09:12:30.250');
    expect(formatUtc(start, 750_250_000)).toBe('Mon 2 Mar 09:12:30 UTC');
    expect(formatTimeOfDay(Number.MAX_SAFE_INTEGER * 1e6, 0)).toBe('00:00.000');
  });
});

describe('figures', () => {
  test('nothing measured is never a number', () => {
    expect([formatShare(null), formatSeconds(null), formatValue(null, 's')]).toEqual([
      '–',
      '–',
      '–',
    ]);
  });

  test('units', () => {
    expect(formatSeconds(2.841)).toBe('2.84 s');
    expect(formatSeconds(0.0841)).toBe('84.1 ms');
    expect(formatValue(118, '{request}/s')).toBe('118/s');
    expect(formatValue(3, '{connection}')).toBe('3 connections');
    expect(formatValue(1, '{connection}')).toBe('1 connection');
    expect([formatSpeed(0.25), formatSpeed(1000), formatSpeed('max')]).toEqual([
      '0.25×',
      '1,000×',
      'max',
    ]);
  });
});

describe('log text', () => {
  test('shows what would act or deceive', () => {
    expect(visible('a\u001b[31mb\u202ec\n')).toBe('a␛[31mb⟨U+202E⟩c⏎');
    expect(visibleLines('a\u001b\n\tb\u202e')).toBe('a␛\n\tb⟨U+202E⟩');
  });

  test('highlighting loses no character', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ maxLength: 3 }), (line, search) => {
        expect(
          highlight(line, search)
            .map((part) => part.text)
            .join(''),
        ).toBe(line);
      }),
    );
    expect(highlight('Pool pOOl', 'pool').filter((part) => part.hit)).toHaveLength(2);
  });
});
