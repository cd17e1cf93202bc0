import { defineExamples, noise, points } from 'incident-workbench/testing';

const gauge = { service: 'web', metric: 'load', every: 300 } as const;
const day = 86_400;
const daily = (count: number, seed: number) =>
  noise({ mean: 0, deviation: 3, count: count * 288, seed }).map(
    (chance, i) => 50 + 30 * Math.sin((2 * Math.PI * i) / 288) + chance,
  );
const flat = (count: number, seed: number) => noise({ mean: 50, deviation: 5, count, seed });
const replaced = (values: readonly number[], from: number, by: readonly number[]) =>
  values.map((value, i) => by[i - from] ?? value);

const noisy = noise({ mean: 0, deviation: 10, count: 8 * 288, seed: 4 }).map(
  (chance, i) => 50 + 30 * Math.sin((2 * Math.PI * i) / 288) + chance,
);
const isLate = (i: number) => i >= 7 * 288 + 100 && i < 7 * 288 + 200;

export default defineExamples({
  quiet: [
    {
      name: 'two weeks, each day like the others',
      scene: { seconds: 14 * day, records: points({ ...gauge, values: daily(14, 1) }) },
    },
    {
      name: 'a week of noise',
      scene: { seconds: 7 * day, records: points({ ...gauge, values: flat(2016, 2) }) },
    },
    {
      name: 'a constant series',
      scene: {
        seconds: day,
        records: points({ ...gauge, values: Array.from({ length: 288 }, () => 3) }),
      },
    },
  ],
  fires: [
    {
      name: 'a spike that nothing before comes near',
      scene: {
        seconds: 4 * day,
        records: points({ ...gauge, values: replaced(flat(1152, 3), 1000, [120]) }),
      },
      expect: [{ message: 'level', service: 'web', first: [300_000, 300_000] }],
    },
    {
      name: 'a night as busy as a day',
      scene: {
        seconds: 8 * day,
        records: points({
          ...gauge,
          values: replaced(
            daily(8, 4),
            7 * 288 + 190,
            flat(50, 5).map((value) => value + 25),
          ),
        }),
      },
      expect: [{ message: 'hour', service: 'web', first: [661_800, 662_400] }],
    },
    {
      name: 'hours of a day that come six hours late',
      config: { limit: 1.05 },
      scene: {
        seconds: 8 * day,
        records: points({
          ...gauge,
          values: noisy.map((value, i) => (isLate(i) ? (noisy[i - 72] ?? value) : value)),
        }),
      },
      expect: [
        { message: 'hour', service: 'web', first: [635_000, 650_000] },
        { message: 'shape', service: 'web', first: [635_000, 660_000] },
        { message: 'values', service: 'web', first: [640_000, 665_000] },
      ],
    },
    {
      name: 'values that stay in the upper half',
      config: { limit: 1.05 },
      scene: {
        seconds: 5 * day,
        records: points({
          ...gauge,
          values: replaced(
            flat(1440, 3),
            1200,
            noise({ mean: 57, deviation: 3, count: 60, seed: 12 }),
          ),
        }),
      },
      expect: [{ message: 'values', service: 'web', first: [360_000, 378_000] }],
    },
    {
      name: 'up and down, between values that are not rare',
      config: { limit: 1.05 },
      scene: {
        seconds: 5 * day,
        records: points({
          ...gauge,
          values: replaced(
            flat(1440, 2),
            1200,
            Array.from({ length: 60 }, (_, i) => (i % 2 === 1 ? 44 : 57)),
          ),
        }),
      },
      expect: [{ message: 'changes', service: 'web', first: [360_000, 378_000] }],
    },
  ],
});
