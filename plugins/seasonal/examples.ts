import { defineExamples, noise, points } from 'incident-workbench/testing';

const days = (count: number, seed: number, hours: (hour: number, day: number) => number) =>
  noise({ mean: 0, deviation: 2, count: count * 144, seed }).map((chance, i) =>
    Math.max(0, hours((i % 144) / 6, Math.floor(i / 144)) + chance),
  );
const traffic = { service: 'web', metric: 'visits', unit: '{visit}', every: 600 } as const;
const day = 86_400;
const rush = (hour: number) => 50 + 40 * Math.sin((2 * Math.PI * (hour - 6)) / 24);

export default defineExamples({
  quiet: [
    {
      name: 'ten days, each like the others',
      scene: { seconds: 10 * day, records: points({ ...traffic, values: days(10, 1, rush) }) },
    },
  ],
  fires: [
    {
      name: 'a morning without its rush',
      scene: {
        seconds: 8 * day,
        records: points({
          ...traffic,
          values: days(8, 3, (hour, at) => (at === 7 && hour > 9 && hour < 15 ? 40 : rush(hour))),
        }),
      },
      expect: [{ message: 'unusual', service: 'web', first: [7 * day + 32_000, 7 * day + 40_000] }],
    },
  ],
});
