import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SourceFormat } from '../../engine/scenario/index.ts';
import { readAll, recorded, workplace } from '../support/recording.ts';
import type { Workplace } from '../support/recording.ts';

let place: Workplace;
beforeEach(() => void (place = workplace()));
afterEach(() => place.remove());

const read = (format: SourceFormat, text: string, options: Record<string, unknown> = {}) => {
  const path = place.write('metrics.csv', text);
  return readAll(recorded([{ format, path, options }]), place.cacheFolder);
};

describe('long tables', () => {
  test('units, roles, labels and cadence come from the table', async () => {
    const rows = ['timestamp,service,metric,value,region'];
    for (let i = 0; i < 4; i++) {
      const at = 1714564800 + i * 15;
      rows.push(`${at},cart,latency_p95_ms,${100 + i},eu`, `${at},cart,error_rate_percent,5,eu`);
    }
    const { header, records } = await read('csv-metrics-long', rows.join('\n'));
    expect(header.series).toEqual([
      expect.objectContaining({ name: 'error_rate_percent', unit: '1', role: 'error_ratio' }),
      expect.objectContaining({
        name: 'latency_p95_ms',
        unit: 's',
        role: 'latency_p95',
        attributes: { region: 'eu' },
        cadenceUs: 15e6,
      }),
    ]);
    expect(records[0]).toMatchObject({ name: 'latency_p95_ms', value: 0.1 });
    expect(records[1]?.value).toBeCloseTo(0.05);
  });

  test('one role, one series: of two candidates the better one keeps it', async () => {
    const text =
      'time,service,metric,value\n1714564800,a,cpu_utilization,0.5\n1714564800,a,pool_used,0.7\n';
    const roles = { pool_used: 'saturation' };
    const { header } = await read('csv-metrics-long', text, { roles });
    expect(header.series.map(({ name, role }) => [name, role])).toEqual([
      ['cpu_utilization', null],
      ['pool_used', 'saturation'],
    ]);
  });

  test('a second value for a moment is refused, the same one is a duplicate', async () => {
    const text =
      'time,service,metric,value\n1714564800,a,m,1\n1714564800,a,m,1\n1714564800,a,m,2\n';
    const { header, records } = await read('csv-metrics-long', text);
    expect(records.map(({ value }) => value)).toEqual([1]);
    expect(header.intake).toMatchObject({ read: 3, stored: 1, duplicates: 1, rejected: 1 });
  });

  test('bad cells are rejected with their line; empty is unknown, never 0', async () => {
    const text =
      'time,service,metric,value\n1714564800,a,m,0x10\n1714564801,a,m,Infinity\n1714564802,a,m,\nsoon,a,m,1\n1714564803,a,,1\n1714564804,a,m,3\n';
    const { records, report } = await read('csv-metrics-long', text);
    expect(records.map(({ value }) => value)).toEqual([3]);
    expect(report.rejections.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
  });

  test('a missing column names those there are', async () => {
    await expect(read('csv-metrics-long', 'time,service,metric\n1,a,m\n')).rejects.toMatchObject({
      code: 'RECORDING_UNREADABLE',
      message: expect.stringContaining('its columns are time, service, metric') as string,
    });
  });

  test('a quote that is never closed does not swallow the file', async () => {
    const text = `time,service,metric,value\n1714564800,a,m,1\n1714564801,"a,m,2\n${'x'.repeat(3e6)}`;
    const { records, header } = await read('csv-metrics-long', text);
    expect(records.map(({ value }) => value)).toEqual([1]);
    expect(header.intake?.rejected).toBeGreaterThan(0);
  });
});

describe('wide tables', () => {
  test('columns name service and metric, or the scenario does', async () => {
    const text = 'time,carts_cpu,orders/latency_p50\n1714564800,0.4,0.01\n1714564860,,0.02\n';
    const { header, records } = await read('csv-metrics-wide', text);
    expect(header.services.map(({ name }) => name)).toEqual(['carts', 'orders']);
    expect(records).toHaveLength(3);
    const metrics = { carts_cpu: { service: 'cart', metric: 'cpu', role: 'saturation' } };
    const chosen = await read('csv-metrics-wide', text, { metrics });
    expect(chosen.header.series).toEqual([
      expect.objectContaining({ name: 'cpu', role: 'saturation' }),
    ]);
    expect(chosen.records).toHaveLength(1);
  });

  test('a time column alone is no recording', async () => {
    await expect(read('csv-metrics-wide', 'time\n1714564800\n')).rejects.toMatchObject({
      code: 'RECORDING_UNREADABLE',
    });
  });
});
