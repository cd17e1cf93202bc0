import { describe, expect, test } from 'vitest';
import { Timeline } from '../../cli/output/timeline.ts';
import type { HealthState } from '../../engine/health/model.ts';
import type { IncidentEvent } from '../../engine/incident/model.ts';
import type { RunEvents } from '../../engine/replay/index.ts';
import { headerOf, minute } from '../support/synthetic-stream.ts';

const header = headerOf([
  { name: 'web', entry: true, calls: ['checkout'] },
  { name: 'checkout' },
  { name: 'search' },
  { name: 'mail' },
]);
const [web, checkout, search, mail] = [0, 1, 2, 3];
const figures = { requestRate: null, errorRatio: null, latencyP95: null };

const plain = (columns = Infinity) => new Timeline(header, (_, text) => text, columns);
const range = (more: Partial<RunEvents>): RunEvents => ({
  incidentEvents: [],
  healthEvents: [],
  changes: [],
  findings: [],
  scores: [],
  windows: [],
  ...more,
});
const health = (t: number, service: number, state: HealthState, reason = 'so it is') => ({
  t,
  service,
  state,
  reason,
  figures,
});
const opened = (t: number, title: string, ...services: number[]): IncidentEvent[] => [
  { t, incident: 1, kind: 'opened', title, severity: 'low' },
  ...services.map((service): IncidentEvent => ({
    t,
    incident: 1,
    kind: 'service-affected',
    service,
  })),
];
const firing = (t: number, service: number, series: string, score: number): IncidentEvent => ({
  t,
  incident: 1,
  kind: 'alert-firing',
  fingerprint: `zscore:${service}/${series}`,
  detector: 'zscore',
  service,
  since: t,
  body: `${series} is odd.`,
  score,
});
const told = (timeline: Timeline, more: Partial<RunEvents>) =>
  timeline.lines(range(more)).map((line) => line.replace(/\s+/g, ' '));

describe('the timeline of a terminal', () => {
  test('tells once that all are well, and nothing of services that nobody asks about', () => {
    const timeline = plain();
    const well = [web, checkout, search, mail].map((service) => health(10e6, service, 'healthy'));
    expect(told(timeline, { healthEvents: well })).toEqual([
      'T+00:10 ✓ health all 4 services healthy',
    ]);
    const blip = [health(minute, mail, 'degraded'), health(2 * minute, mail, 'healthy')];
    expect(told(timeline, { healthEvents: blip })).toEqual([]);
  });

  test('tells the health of an entry, and of a service once an incident is about it', () => {
    const timeline = plain();
    const healthEvents = [health(minute, web, 'down'), health(minute, checkout, 'degraded')];
    expect(told(timeline, { healthEvents })).toEqual(['T+01:00 ▲ web down: so it is']);
    const incidentEvents = opened(2 * minute, 'checkout is odd', checkout);
    expect(told(timeline, { incidentEvents })).toEqual([
      'T+02:00 ◆ checkout degraded since T+01:00: so it is',
      'T+02:00 ● incident 1 opened, low: checkout is odd',
    ]);
    const again = [web, checkout].map((service) => health(3 * minute, service, 'healthy'));
    expect(told(timeline, { healthEvents: again })).toEqual([
      'T+03:00 ✓ 2 services healthy: so it is',
    ]);
  });

  test('counts services of which nothing is known', () => {
    const reason = 'nothing was recorded here';
    const lost = [web, checkout, search].map((s) => health(minute, s, 'unknown', reason));
    expect(told(plain(), { healthEvents: lost })).toEqual([
      `T+01:00 ? 3 services unknown: ${reason}`,
    ]);
  });

  test('makes one line of the series of a detector and service, and says no alert twice', () => {
    const timeline = plain();
    const first = [firing(minute, web, 'p95', 0.9), firing(minute, web, 'p99', 0.6)];
    expect(
      told(timeline, { incidentEvents: [...opened(minute, 'web is slow', web), ...first] }),
    ).toEqual([
      'T+01:00 ● incident 1 opened, low: web is slow',
      'T+01:00 · zscore p95 is odd. (+1 more series)',
    ]);
    const later = [firing(5 * minute, web, 'p95', 1), firing(5 * minute, checkout, 'rate', 0.5)];
    expect(told(timeline, { incidentEvents: later })).toEqual(['T+05:00 · zscore rate is odd.']);
  });

  test('merges what changes about an incident at one moment', () => {
    const timeline = plain();
    told(timeline, { incidentEvents: opened(minute, 'pool is filling', checkout) });
    const worse: IncidentEvent[] = [
      {
        t: 2 * minute,
        incident: 1,
        kind: 'severity-changed',
        severity: 'high',
        reason: 'web fails',
      },
      { t: 2 * minute, incident: 1, kind: 'title-changed', title: 'checkout fails 25 %' },
    ];
    expect(told(timeline, { incidentEvents: worse })).toEqual([
      'T+02:00 ◆ incident 1 now high: checkout fails 25 %',
    ]);
  });

  test('keeps within the columns, and cuts long names behind no separator', () => {
    const long = headerOf([{ name: 'servi-lista.us-west-2.elb', entry: true }]);
    const timeline = new Timeline(long, (_, text) => text, 70);
    const [line] = timeline.lines(
      range({ healthEvents: [health(minute, 0, 'down', 'many requests fail '.repeat(9))] }),
    );
    expect(line?.length).toBeLessThanOrEqual(70);
    expect(line).toMatch(/ servi-lista\.us-we… /);
  });
});
