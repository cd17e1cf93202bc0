import { defineExamples, noise, points } from 'incident-workbench/testing';

const queue = { service: 'worker', metric: 'depth', unit: '{message}', every: 60 } as const;
const around = (mean: number, deviation: number, count: number, seed: number) =>
  noise({ mean, deviation, count, seed });

export default defineExamples({
  quiet: [
    {
      name: 'hours of noise',
      scene: { seconds: 36_000, records: points({ ...queue, values: around(100, 10, 600, 1) }) },
    },
  ],
  fires: [
    {
      name: 'the mean moves by three deviations',
      scene: {
        seconds: 18_000,
        records: points({
          ...queue,
          values: [...around(100, 10, 200, 2), ...around(140, 10, 100, 3)],
        }),
      },
      expect: [{ message: 'changed', service: 'worker', first: [12_000, 12_600] }],
    },
  ],
});
