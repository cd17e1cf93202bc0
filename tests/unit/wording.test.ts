import { describe, expect, test } from 'vitest';
import type { SeriesRole } from '../../engine/sdk/index.ts';
import { numberText, rateText, secondsText, seriesText, valueText } from '../../engine/wording.ts';

const series = (
  name: string,
  more: {
    readonly unit?: string;
    readonly role?: SeriesRole;
    readonly attributes?: Readonly<Record<string, string>>;
  } = {},
) => ({ name, unit: '1', role: null, attributes: {}, ...more });

describe('figures', () => {
  test.each([
    [0, '0 ms'],
    [0.0008, '0.8 ms'],
    [0.34, '340 ms'],
    [2.84, '2.8 s'],
    [3600, '3600 s'],
  ])('%d seconds are %s', (seconds, text) => expect(secondsText(seconds)).toBe(text));

  test.each([
    [41.2, '41/s'],
    [0.3, '0.3/s'],
  ])('a rate of %d is %s', (rate, text) => expect(rateText(rate)).toBe(text));

  test.each([
    [1234.5, '1235'],
    [0.12345, '0.123'],
    [2.5e-11, '0'],
    [35, '35'],
  ])('%d is %s', (value, text) => expect(numberText(value)).toBe(text));
});

describe('series', () => {
  test.each(['worker.utilization', 'process.syscalls', 'db.client.connections.timeouts'])(
    '%s is one thing, of which a sentence says “is”',
    (name) => expect(seriesText(series(name))).not.toMatch(/s$/),
  );

  test.each([
    [
      series('x.duration', { role: 'latency_p95', attributes: { quantile: '0.95' } }),
      'p95 latency',
    ],
    [series('r', { role: 'request_rate', attributes: { route: '/pay' } }), 'traffic (/pay)'],
    [
      series('db.client.connection.utilization', {
        role: 'saturation',
        attributes: { 'db.client.connection.pool.name': 'orders-db' },
      }),
      'connection pool orders-db',
    ],
    [
      series('http.client.request.duration', { unit: 's', attributes: { quantile: '0.9' } }),
      'p90 latency of outgoing calls',
    ],
    [series('latency', { unit: 's', attributes: { statistic: 'p90' } }), 'p90 latency'],
    [series('jvm.threads', { attributes: { pool: 'io' } }), 'jvm.threads (io)'],
  ])('is called by what it means: %#', (given, text) => expect(seriesText(given)).toBe(text));

  test.each([
    [series('a', { role: 'saturation' }), 0.34, '34 %'],
    [series('a', { unit: 's' }), 24, '24 s'],
    [series('a', { unit: '{request}' }), 0.0155, '0'],
    [series('a', { unit: '{request}' }), 35.2, '35'],
    [series('node.cpu.utilization'), 0.1237, '12.4 %'],
    [series('threads'), 12, '12'],
    [series('temperature', { unit: 'Cel' }), 36.66, '36.7 Cel'],
  ])('has values in its unit: %#', (given, value, text) => {
    expect(valueText(given, value)).toBe(text);
  });
});
