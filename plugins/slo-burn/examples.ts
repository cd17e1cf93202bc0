import { defineExamples, points } from 'incident-workbench/testing';

const shop = (values: readonly number[], every = 10) =>
  points({ service: 'shop', metric: 'error_ratio', role: 'error_ratio', every, values });
const steady = (share: number, count: number): number[] =>
  Array.from({ length: count }, () => share);

export default defineExamples({
  quiet: [
    {
      name: 'spending what the objective allows',
      scene: { seconds: 3600, records: shop(steady(0.001, 360)) },
    },
    {
      name: 'ten bad seconds in an hour',
      scene: { seconds: 3600, records: shop([...steady(0, 180), 1, ...steady(0, 179)]) },
    },
    {
      name: 'a service that users do not call',
      scene: {
        seconds: 1200,
        calls: [['web', 'shop']],
        records: shop([...steady(0, 60), ...steady(1, 60)]),
      },
    },
  ],
  fires: [
    {
      name: 'everything fails: 1.44 % of an hour is 52 seconds',
      scene: { seconds: 3600, records: shop([...steady(0, 180), ...steady(1, 60)]) },
      expect: [{ message: 'burn', service: 'shop', first: [1800, 1860] }],
    },
    {
      name: 'one request in twenty fails',
      scene: { seconds: 7200, records: shop([...steady(0, 180), ...steady(0.05, 540)]) },
      expect: [{ message: 'burn', service: 'shop', first: [2400, 3000] }],
    },
  ],
});
