import { defineExamples, noise, points } from 'incident-workbench/testing';

const latency = { service: 'web', metric: 'duration', unit: 's', every: 60 } as const;
const usual = noise({ mean: 0.2, deviation: 0.02, count: 600, seed: 1 });
/** Noisy all along: the same excursions are no news. */
const noisy = noise({ mean: 0.2, deviation: 0.06, count: 600, seed: 2 }).map(Math.abs);

export default defineExamples({
  quiet: [
    { name: 'noise', scene: { seconds: 36_000, records: points({ ...latency, values: usual }) } },
    {
      name: 'more noise, all along',
      scene: { seconds: 36_000, records: points({ ...latency, values: noisy }) },
    },
  ],
  fires: [
    {
      name: 'ten minutes of another kind',
      scene: {
        seconds: 36_000,
        records: points({
          ...latency,
          values: usual.map((value, i) => (i >= 400 && i < 410 ? value + 0.3 * (i % 2) : value)),
        }),
      },
      expect: [{ message: 'unlikely', service: 'web', first: [24_060, 24_300] }],
    },
  ],
});
