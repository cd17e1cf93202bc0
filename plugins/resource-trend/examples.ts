import { defineExamples, noise, points } from 'incident-workbench/testing';

const memory = (values: readonly number[]) =>
  points({ service: 'api', metric: 'process.memory.utilization', every: 10, values });
const jitter = (count: number, seed: number) => noise({ mean: 0, deviation: 0.01, count, seed });

export default defineExamples({
  quiet: [
    {
      name: 'memory that goes up and down',
      scene: { seconds: 3600, records: memory(jitter(360, 1).map((e) => 0.6 + 4 * e)) },
    },
    {
      name: 'warming up to a level below the limit',
      scene: {
        seconds: 3600,
        records: memory(jitter(360, 2).map((e, i) => 0.5 + 0.05 * (1 - Math.exp(-i / 20)) + e / 2)),
      },
    },
    {
      name: 'a pool that fills as requests do',
      scene: {
        seconds: 1800,
        records: [
          ...points({
            service: 'api',
            metric: 'rate',
            role: 'request_rate',
            every: 10,
            values: Array.from({ length: 180 }, (_, i) => 10 + i / 2),
          }),
          ...points({
            service: 'api',
            metric: 'db.client.connection.utilization',
            role: 'saturation',
            every: 10,
            values: Array.from({ length: 180 }, (_, i) => 0.1 + i / 300),
          }),
        ],
      },
    },
  ],
  fires: [
    {
      name: 'a leak of one part in a hundred a minute',
      scene: {
        seconds: 2400,
        records: memory(jitter(240, 3).map((e, i) => 0.4 + Math.max(0, i - 60) / 600 + e / 2)),
      },
      expect: [{ message: 'filling', service: 'api', first: [900, 1500] }],
    },
  ],
});
