/** What the benchmark holds detectors against. */
import { expect, test } from 'vitest';
import { outageItem } from '../../engine/benchmark/items.ts';
import { truthOf } from '../../engine/benchmark/job/truth.ts';
import { simulated } from '../support/simulated.ts';

const second = 1_000_000;

/** One request in a hundred is for the endpoint that breaks: the service as a whole is hardly worse. */
const rare = simulated(`seed: 5
duration: 4m
services:
  - name: web
    workers: 64
    endpoints:
      - { name: GET /, service_time: { p50: 2ms, p99: 9ms } }
      - { name: GET /rare, service_time: { p50: 2ms, p99: 9ms } }
traffic:
  - { entry: web, endpoint: GET /, rate: 150/s }
  - { entry: web, endpoint: GET /rare, rate: 1.5/s }
objectives:
  - { service: web, endpoint: GET /rare, name: rare, target: 99%, window: 30m }
faults: [{ id: bad, kind: errors, at: 1m, until: 3m, service: web, endpoint: GET /rare, rate: 100% }]
truth: { root_cause: { service: web, fault: bad }, category: error-spike }
`);

test('an outage that only the users of one objective feel is an incident all the same', () => {
  const { incidents, firstUserImpactUs } = truthOf(outageItem('rare', rare, null), 5, {
    durationUs: 240 * second,
    series: [],
  });
  expect(incidents).toHaveLength(1);
  expect(incidents[0]?.startUs).toBe(60 * second);
  expect(firstUserImpactUs).toBe(60 * second);
  expect(incidents[0]?.endUs).toBe(180 * second);
});
