import { defineExamples, noise, points } from 'incident-workbench/testing';

const level = { service: 'db', metric: 'connections', every: 300 } as const;
const usual = noise({ mean: 100, deviation: 5, count: 576, seed: 1 });

export default defineExamples({
  quiet: [
    {
      name: 'two days of noise',
      scene: { seconds: 172_800, records: points({ ...level, values: usual }) },
    },
  ],
  fires: [
    {
      name: 'far from the day before',
      scene: {
        seconds: 172_800,
        records: points({ ...level, values: usual.map((value, i) => (i === 500 ? 300 : value)) }),
      },
      expect: [{ message: 'off', service: 'db', first: [150_000, 150_000] }],
    },
  ],
});
