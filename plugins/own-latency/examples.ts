import { defineExamples, noise, points } from 'incident-workbench/testing';

const jitter = (seed: number) => noise({ mean: 0.1, deviation: 0.005, count: 120, seed });
const slow = (by: number, from: number, seed: number): number[] =>
  jitter(seed).map((value, i) => value + (i >= from ? by : 0));
const own = (values: readonly number[]) =>
  points({
    service: 'web',
    metric: 'http.server.request.duration',
    role: 'latency_p95',
    unit: 's',
    every: 10,
    values,
  });
const call = (to: string, values: readonly number[]) =>
  points({
    service: 'web',
    metric: 'http.client.request.duration',
    attributes: { 'server.address': to, quantile: '0.95' },
    unit: 's',
    every: 10,
    values,
  });

export default defineExamples({
  quiet: [
    {
      name: 'slow because a callee is',
      scene: {
        seconds: 1200,
        records: [
          ...own(slow(0.5, 60, 1)),
          ...call('db', slow(0.48, 60, 2)),
          ...call('cart', jitter(3)),
        ],
      },
    },
    { name: 'as ever', scene: { seconds: 1200, records: own(jitter(4)) } },
  ],
  fires: [
    {
      name: 'slow while no callee is',
      scene: {
        seconds: 1200,
        records: [...own(slow(0.5, 60, 1)), ...call('db', jitter(2))],
      },
      expect: [{ message: 'own', service: 'web', first: [620, 630] }],
    },
  ],
});
