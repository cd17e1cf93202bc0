/** How often the detectors cry wolf on a system in which nothing was broken. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { logs, noise, points, type SceneRecord } from '../../engine/detect/testing/index.ts';
import { candidateOf, show, type Candidate } from '../../engine/detect/testing/screen.ts';
import type { SeriesRole } from '../../engine/sdk/index.ts';
import changePoint from '../../plugins/change-point/detector.ts';
import errorBurst from '../../plugins/error-burst/detector.ts';
import general from '../../plugins/general/detector.ts';
import holtWinters from '../../plugins/holt-winters/detector.ts';
import seasonal from '../../plugins/seasonal/detector.ts';
import tailLikelihood from '../../plugins/tail-likelihood/detector.ts';
import threshold from '../../plugins/threshold/detector.ts';
import zscore from '../../plugins/zscore/detector.ts';

const data =
  process.env['WORKBENCH_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const petshop = `${data}/petshop/low_traffic/noissue/metrics.csv`;

function examined(detector: unknown, id: string): Candidate {
  const candidate = candidateOf(detector, id);
  if ('detector' in candidate) return candidate;
  throw new Error(candidate.join('; '));
}

test.each([10, 60, 300])('zscore is quiet on noise every %i s', (every) => {
  const records = Array.from({ length: 20 }, (_, seed) => {
    const service = `s${seed}`;
    const logarithms = noise({ mean: -1.6, deviation: 0.25, count: 1500, seed });
    return [
      ...points({
        service,
        metric: 'p99',
        role: 'latency_p99',
        every,
        values: logarithms.map(Math.exp),
      }),
      ...points({
        service,
        metric: 'rate',
        role: 'request_rate',
        every,
        values: noise({ mean: 30, deviation: 2, count: 1500, seed: seed + 100 }),
      }),
    ];
  }).flat();
  const { findings, failures } = show(examined(zscore, 'zscore'), {
    seconds: 1500 * every,
    records,
  });
  expect(failures).toEqual([]);
  expect(findings).toEqual([]);
});

test('error-burst is quiet on errors that come at random, at any steady rate', () => {
  const uniform = (seed: number): (() => number) => {
    let state = seed;
    return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  };
  const records = [0.02, 0.2, 1, 5].flatMap((perSecond, i) => {
    const next = uniform(i + 7);
    const lines: SceneRecord[] = [];
    for (let at = 0; at < 14_400; at += -Math.log(1 - next()) / perSecond) {
      const service = `s${i}`;
      lines.push(...logs({ service, perSecond: 1, from: at, to: at + 0.5, severity: 17 }));
    }
    return lines;
  });
  const { findings, failures } = show(examined(errorBurst, 'error-burst'), {
    seconds: 14_400,
    records,
  });
  expect(failures).toEqual([]);
  expect(findings).toEqual([]);
});

// Not targets but fences: a change that makes one cry twice as often has to be seen.
test.skipIf(!existsSync(petshop)).each([
  ['zscore', zscore, 0.16],
  ['threshold', threshold, 0.02],
  ['general', general, 0.12],
  ['seasonal', seasonal, 0.02],
  ['holt-winters', holtWinters, 0.03],
  ['tail-likelihood', tailLikelihood, 0.07],
  ['change-point', changePoint, 0.12],
])(
  `%s is mostly quiet on two days of PetShop (${petshop})`,
  { timeout: 60_000 },
  (id, detector, perSeriesAndDay) => {
    const { records, series, seconds } = petshopRecords();
    const { findings, failures } = show(examined(detector, id), { seconds, records });
    const lastAt = new Map<string, number>();
    let episodes = 0;
    for (const { subject, t } of findings) {
      if (t - (lastAt.get(subject) ?? -Infinity) > 3_600_000_000) episodes++;
      lastAt.set(subject, t);
    }
    expect(failures).toEqual([]);
    expect(episodes / series / (seconds / 86_400)).toBeLessThan(perSeriesAndDay);
  },
);

const latencyRoles: Readonly<Record<string, SeriesRole>> = {
  Average: 'latency_mean',
  p50: 'latency_p50',
  p95: 'latency_p95',
  p99: 'latency_p99',
};

function petshopRecords(): { records: SceneRecord[]; series: number; seconds: number } {
  const lines = readFileSync(petshop, 'utf8').trim().split('\n');
  const [services = [], metrics = [], statistics = [], , ...rows] = lines.map((line) =>
    line.split(','),
  );
  const start = Number(rows[0]?.[0]);
  const records = services.slice(1).flatMap((service, i) => {
    const metric = metrics[i + 1] ?? '';
    const statistic = statistics[i + 1] ?? '';
    const role: SeriesRole | null =
      metric === 'availability'
        ? 'availability'
        : metric === 'requests'
          ? 'request_rate'
          : (latencyRoles[statistic] ?? null);
    const divisor = metric === 'availability' ? 100 : metric === 'requests' ? 300 : 1;
    const unit = metric === 'latency' ? 's' : '1';
    return rows
      .filter((row) => row[i + 1] !== undefined && row[i + 1] !== '')
      .map((row): SceneRecord => ({
        kind: 'metric',
        at: Number(row[0]) - start,
        service,
        metric: `${metric}.${statistic}`,
        role,
        every: 300,
        unit,
        value: Number(row[i + 1]) / divisor,
      }));
  });
  const seconds = Number(rows.at(-1)?.[0]) - start + 300;
  return { records, series: services.length - 1, seconds };
}
