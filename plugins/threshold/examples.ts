import { defineExamples, noise, points } from 'incident-workbench/testing';

const ratio = {
  service: 'web',
  metric: 'http.server.error_ratio',
  role: 'error_ratio',
  every: 10,
} as const;
const pool = {
  service: 'api',
  metric: 'db.client.connection.usage',
  role: 'saturation',
  every: 10,
} as const;

export default defineExamples({
  quiet: [
    {
      name: 'one bad point',
      scene: { seconds: 60, records: points({ ...ratio, values: [0, 0, 0.4, 0, 0] }) },
    },
    {
      name: 'a job that has always failed now and then',
      scene: {
        seconds: 1200,
        records: points({
          ...ratio,
          values: noise({ mean: 0.3, deviation: 0.06, count: 120, seed: 2 }),
        }),
      },
    },
    {
      name: 'two failures of the few requests there are',
      scene: {
        seconds: 600,
        records: [
          ...points({
            service: 'web',
            metric: 'rate',
            role: 'request_rate',
            every: 10,
            values: Array.from({ length: 60 }, () => 0.3),
          }),
          ...points({
            ...ratio,
            values: Array.from({ length: 60 }, (_, i) => (i === 30 || i === 31 ? 0.33 : 0)),
          }),
        ],
      },
    },
    {
      name: 'a busy pool that is not full',
      scene: {
        seconds: 600,
        records: points({
          ...pool,
          values: noise({ mean: 0.7, deviation: 0.05, count: 60, seed: 1 }),
        }),
      },
    },
    {
      name: 'a series whose meaning is unknown',
      scene: {
        seconds: 60,
        records: points({
          service: 'web',
          metric: 'jvm.threads',
          every: 10,
          values: [9, 900, 900, 900],
        }),
      },
    },
    {
      name: 'latency, unless a limit is set',
      scene: {
        seconds: 60,
        records: points({
          service: 'web',
          metric: 'p99',
          role: 'latency_p99',
          every: 10,
          values: [9, 9, 9],
        }),
      },
    },
  ],
  fires: [
    {
      name: 'an error ratio that stays high',
      scene: { seconds: 120, records: points({ ...ratio, values: [0, 0, 0.08, 0.3, 0.3, 0] }) },
      expect: [{ message: 'above', service: 'web', first: [30, 30] }],
    },
    {
      name: 'hysteresis: it holds between limit and clear level',
      scene: {
        seconds: 120,
        records: points({ ...ratio, values: [0, 0.06, 0.06, 0.03, 0.01, 0.03] }),
      },
      expect: [{ message: 'above', service: 'web', first: [20, 20] }],
    },
    {
      name: 'a trickle of failures that lasts',
      scene: {
        seconds: 900,
        records: [
          ...points({
            service: 'web',
            metric: 'rate',
            role: 'request_rate',
            every: 10,
            values: Array.from({ length: 90 }, () => 0.3),
          }),
          ...points({
            ...ratio,
            values: Array.from({ length: 90 }, (_, i) => (i >= 30 ? 0.33 : 0)),
          }),
        ],
      },
      expect: [{ message: 'above', service: 'web', first: [390, 410] }],
    },
    {
      name: 'a pool that fills up',
      scene: { seconds: 60, records: points({ ...pool, values: [0.5, 0.8, 0.97, 1, 1] }) },
      expect: [{ message: 'above', service: 'api', first: [30, 30] }],
    },
    {
      name: 'availability that drops',
      scene: {
        seconds: 1500,
        records: points({
          service: 'shop',
          metric: 'availability',
          role: 'availability',
          every: 300,
          values: [1, 0.95, 0.9, 0.7, 0.7],
        }),
      },
      expect: [{ message: 'below', service: 'shop', first: [900, 900] }],
    },
    {
      name: 'latency beyond a limit that was set',
      config: { latency: 2 },
      scene: {
        seconds: 60,
        records: points({
          service: 'web',
          metric: 'p99',
          role: 'latency_p99',
          every: 10,
          values: [1, 2, 3],
        }),
      },
      expect: [{ message: 'above', first: [20, 20] }],
    },
  ],
});
