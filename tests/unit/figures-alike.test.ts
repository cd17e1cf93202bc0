/** The page stands beside the engine's sentences: one value has one unit and one spelling in both. */
import { describe, expect, test } from 'vitest';
import { rateText, secondsText, shareText, valueText } from '../../engine/wording.ts';
import {
  formatBytes,
  formatRate,
  formatSeconds,
  formatShare,
  formatValue,
} from '../../web/lib/format/figure.ts';

const series = (unit: string) => ({ name: 'a', unit, role: null, attributes: {} });

describe('the page and the engine write alike', () => {
  test.each([
    [0, '0 %'],
    [0.00004, '<0.01 %'],
    [0.0004, '0.04 %'],
    [0.00096, '0.1 %'],
    [0.004, '0.4 %'],
    [0.02, '2 %'],
    [0.34, '34 %'],
    [0.3424, '34.2 %'],
    [0.996, '99.6 %'],
    [0.99999, '99.9 %'],
    [1, '100 %'],
  ])('a share of %d: %s', (share, text) => {
    expect([shareText(share), formatShare(share)]).toEqual([text, text]);
  });

  test.each([
    [0, '0/s'],
    [6.3e-7, '0/s'],
    [0.02, '1.2/min'],
    [0.3, '0.3/s'],
    [41, '41/s'],
  ])('%d requests per second: %s', (rate, text) => {
    expect([rateText(rate), formatRate(rate)]).toEqual([text, text]);
  });

  test.each([
    [0, '0 ms'],
    [0.0008, '0.8 ms'],
    [0.34, '340 ms'],
    [0.9997, '1 s'],
    [2.8, '2.8 s'],
    [24, '24 s'],
  ])('%d seconds: %s', (seconds, text) => {
    expect([secondsText(seconds), formatSeconds(seconds)]).toEqual([text, text]);
  });

  test.each([
    [0, '0 B'],
    [812, '812 B'],
    [1_400, '1.4 kB'],
    [999_700, '1 MB'],
    [358_000_000, '358 MB'],
    [2.1e12, '2.1 TB'],
  ])('%d bytes: %s', (bytes, text) => {
    expect([valueText(series('By'), bytes), formatBytes(bytes)]).toEqual([text, text]);
    const flow = `${text}/s`;
    expect([valueText(series('By/s'), bytes), formatValue(bytes, 'By/s')]).toEqual([flow, flow]);
  });

  test('units of other kinds', () => {
    const all = ['', '1', 'Cel', '%'].map((unit) => [
      valueText(series(unit), 36.7),
      formatValue(36.7, unit),
    ]);
    expect(all).toEqual(['36.7', '36.7', '36.7 Cel', '36.7 %'].map((text) => [text, text]));
  });
});
