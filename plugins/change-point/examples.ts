import { defineExamples, noise, points } from 'incident-workbench/testing';

const memory = { service: 'cache', metric: 'used', unit: '1', every: 60 } as const;
const around = (mean: number, count: number, seed: number) =>
  noise({ mean, deviation: 2, count, seed });

export default defineExamples({
  quiet: [
    {
      name: 'a day of noise',
      scene: { seconds: 86_400, records: points({ ...memory, values: around(50, 1440, 1) }) },
    },
    {
      name: 'a single spike is no change',
      scene: {
        seconds: 12_000,
        records: points({
          ...memory,
          values: around(50, 200, 2).map((value, i) => (i === 120 ? 500 : value)),
        }),
      },
    },
  ],
  fires: [
    {
      name: 'a small step up that stays',
      scene: {
        seconds: 12_000,
        records: points({ ...memory, values: [...around(50, 100, 3), ...around(58, 100, 4)] }),
      },
      expect: [{ message: 'up', service: 'cache', first: [6120, 6900] }],
    },
    {
      name: 'a step down',
      scene: {
        seconds: 12_000,
        records: points({ ...memory, values: [...around(50, 100, 5), ...around(40, 100, 6)] }),
      },
      expect: [{ message: 'down', service: 'cache', first: [6120, 6900] }],
    },
  ],
});
