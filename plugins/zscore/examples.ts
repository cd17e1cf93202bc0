import { defineExamples, noise, points } from 'incident-workbench/testing';

const latency = {
  service: 'web',
  metric: 'http.server.request.duration.p95',
  role: 'latency_p95',
} as const;
const rate = { service: 'web', metric: 'http.server.request.rate', role: 'request_rate' } as const;
const usual = (count: number, mean: number, seed: number) =>
  noise({ mean, deviation: mean / 10, count, seed });

export default defineExamples({
  quiet: [
    {
      name: 'an hour of noise every 10 s',
      scene: {
        seconds: 3600,
        records: points({ ...latency, every: 10, values: usual(360, 0.2, 1) }),
      },
    },
    {
      name: 'two days of noise every 5 min',
      scene: {
        seconds: 172_800,
        records: points({ ...latency, every: 300, values: usual(576, 0.2, 2) }),
      },
    },
    {
      name: 'a constant series with one outlier',
      scene: {
        seconds: 3600,
        records: points({
          service: 'db',
          metric: 'connections',
          every: 60,
          values: Array.from({ length: 60 }, (_, i) => (i === 40 ? 50 : 20)),
        }),
      },
    },
    {
      name: 'latency that falls',
      scene: {
        seconds: 3600,
        records: points({
          ...latency,
          every: 60,
          values: [...usual(40, 0.2, 3), ...usual(20, 0.02, 4)],
        }),
      },
    },
  ],
  fires: [
    {
      name: 'latency that quadruples, every 10 s',
      scene: {
        seconds: 900,
        records: points({
          ...latency,
          every: 10,
          values: [...usual(60, 0.2, 5), ...usual(30, 0.8, 6)],
        }),
      },
      expect: [{ message: 'high', service: 'web', first: [610, 620] }],
    },
    {
      name: 'latency that quadruples, every 5 min',
      scene: {
        seconds: 27_000,
        records: points({
          ...latency,
          every: 300,
          values: [...usual(60, 0.2, 5), ...usual(30, 0.8, 6)],
        }),
      },
      expect: [{ message: 'high', service: 'web', first: [18_300, 18_600] }],
    },
    {
      name: 'traffic that stops',
      scene: {
        seconds: 3600,
        records: points({
          ...rate,
          every: 60,
          values: [...usual(40, 30, 7), ...Array.from({ length: 20 }, () => 0)],
        }),
      },
      expect: [{ message: 'low', service: 'web', first: [2460, 2460] }],
    },
  ],
});
