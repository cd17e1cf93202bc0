/** What the figures of the page are compared with, and what a service's last window says. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HealthState } from '../../engine/health/model.ts';
import { openRun, questions } from '../../engine/query/index.ts';
import { bucketUs } from '../../engine/store/schema.ts';
import { makeRunFile, withFolder } from '../support/run-file.ts';

const minute = 60_000_000;
const nothing = { requestRate: null, errorRatio: null, latencyP95: null };

/** web is fine for ten minutes and down for forty; its gateway has no requests from then on. */
function file(folder: string): string {
  const [fine, bad] = [
    { requestRate: 50, errorRatio: 0.001, latencyP95: 0.2 },
    { requestRate: 40, errorRatio: 0.26, latencyP95: 6.4 },
  ];
  const windows = Array.from({ length: 300 }, (_, bucket) => {
    const isFine = bucket < 60;
    const state: HealthState = isFine ? 'healthy' : 'down';
    const idle = { requestRate: 0, errorRatio: null, latencyP95: null };
    // A little less of an outage is no good news.
    const web = isFine ? fine : { ...bad, errorRatio: bucket < 290 ? 0.26 : 0.2 };
    return [
      { service: 0, bucket, state, figures: web },
      { service: 1, bucket, state: 'healthy' as const, figures: isFine ? fine : idle },
    ];
  }).flat();
  const told = (t: number, service: number, state: HealthState, reason: string) => ({
    ...{ t, service, state, reason, figures: nothing },
  });
  return makeRunFile(join(folder, 'run.db'), {
    services: [{ name: 'web', entry: true }, { name: 'gateway' }, { name: 'mail' }],
    durationUs: 50 * minute,
    windows,
    healthEvents: [
      told(bucketUs, 1, 'healthy', '0.1 % of requests fail'),
      told(10 * minute, 0, 'down', '73.5 % of requests fail (50 % is the limit)'),
    ],
  });
}

test('figures of users are compared with the last time in which they were fine', () => {
  withFolder((folder) => {
    const run = openRun(file(folder));
    const usualAt = (t: number) => questions.state.answer(run, { t }).kpis.usual;
    const usual = { requestRate: 50, errorRatio: 0.001, latencyP95: 0.2 };
    expect(usualAt(20_000_000)).toBeNull();
    expect(usualAt(5 * minute)).toEqual({ ...usual, from: 0, to: 5 * minute });
    expect(usualAt(50 * minute)).toEqual({ ...usual, from: 0, to: 10 * minute });
    run.close();
  });
});

test('what is said of a service now is of its last window, not of how its state began', () => {
  withFolder((folder) => {
    const run = openRun(file(folder));
    const { health } = questions.state.answer(run, { t: 50 * minute });
    expect(health.map(({ service, state, now }) => [service, state, now])).toEqual([
      ['web', 'down', '20 % of requests fail, p95 is 6.4 s'],
      ['gateway', 'healthy', 'no requests, so nothing to judge it by'],
      ['mail', 'unknown', ''],
    ]);
    expect(health[0]?.reason).toBe('73.5 % of requests fail (50 % is the limit)');
    run.close();
  });
});
