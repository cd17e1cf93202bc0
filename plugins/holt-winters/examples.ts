import { defineExamples, noise, points } from 'incident-workbench/testing';

const gauge = { service: 'web', metric: 'sessions', every: 600 } as const;
const day = 86_400;
const days = (count: number, seed: number) =>
  noise({ mean: 0, deviation: 2, count: count * 144, seed }).map(
    (chance, i) => 60 + i / 50 + 30 * Math.sin((2 * Math.PI * i) / 144) + chance,
  );

export default defineExamples({
  quiet: [
    {
      name: 'ten days that grow, each with its hours',
      scene: { seconds: 10 * day, records: points({ ...gauge, values: days(10, 1) }) },
    },
  ],
  fires: [
    {
      name: 'half of it gone at once',
      scene: {
        seconds: 6 * day,
        records: points({
          ...gauge,
          values: days(6, 2).map((value, i) => (i >= 800 ? value / 3 : value)),
        }),
      },
      expect: [{ message: 'off', service: 'web', first: [480_000, 481_200] }],
    },
  ],
});
