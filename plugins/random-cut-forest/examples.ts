import { defineExamples, noise, points } from 'incident-workbench/testing';

const rate = { service: 'web', metric: 'bytes', unit: 'By', every: 60 } as const;
const usual = noise({ mean: 1000, deviation: 50, count: 700, seed: 2 });

export default defineExamples({
  quiet: [
    {
      name: 'a constant series',
      scene: {
        seconds: 36_000,
        records: points({ ...rate, values: Array.from({ length: 600 }, () => 7) }),
      },
    },
  ],
  fires: [
    {
      name: 'a value that was never near',
      scene: {
        seconds: 42_000,
        records: points({ ...rate, values: usual.map((value, i) => (i === 600 ? 3000 : value)) }),
      },
      expect: [{ message: 'apart', service: 'web', first: [36_000, 36_000] }],
    },
  ],
});
