import { defineExamples, points } from 'incident-workbench/testing';

const shop = (values: readonly number[], every = 10) =>
  points({ service: 'shop', metric: 'error_ratio', role: 'error_ratio', every, values });
const route = (metric: string, values: readonly number[], labels: Record<string, string> = {}) =>
  points({
    service: 'shop',
    metric: `http.server.request.${metric}`,
    attributes: { 'http.route': 'POST /pay', ...labels },
    role: null,
    every: 10,
    values,
  });
const steady = (share: number, count: number): number[] =>
  Array.from({ length: count }, () => share);
const pay = { service: 'shop', endpoint: 'POST /pay', name: 'payments', target: 0.99 };
const halfHour = [{ ...pay, seconds: 1800, within: 1 }];

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
    {
      name: 'an endpoint that has no objective',
      scene: {
        seconds: 1200,
        objectives: [{ ...pay, endpoint: 'GET /', seconds: 1800 }],
        records: route('error_ratio', [...steady(0, 60), ...steady(1, 60)]),
      },
    },
    {
      name: 'slow, and nobody promised otherwise',
      scene: {
        seconds: 1200,
        objectives: [{ ...pay, seconds: 1800 }],
        records: [
          ...route('error_ratio', steady(0, 120)),
          ...route('duration', [...steady(0.2, 60), ...steady(4, 60)], { quantile: '0.5' }),
        ],
      },
    },
  ],
  fires: [
    {
      name: 'everything fails: 1.44 % of an hour is 52 seconds',
      scene: { seconds: 3600, records: shop([...steady(0, 180), ...steady(1, 60)]) },
      expect: [{ message: 'burn', service: 'shop', first: [1800, 1870] }],
    },
    {
      name: 'one request in twenty fails',
      scene: { seconds: 7200, records: shop([...steady(0, 180), ...steady(0.05, 540)]) },
      expect: [{ message: 'burn', service: 'shop', first: [2400, 3000] }],
    },
    {
      name: 'a fifth of an endpoint fails whose budget is one in a hundred of half an hour',
      scene: {
        seconds: 1800,
        objectives: halfHour,
        records: route('error_ratio', [...steady(0, 60), ...steady(0.2, 60)]),
      },
      expect: [{ message: 'burn', service: 'shop', first: [680, 720] }],
    },
    {
      name: 'half of the answers come later than promised',
      scene: {
        seconds: 1800,
        objectives: halfHour,
        records: [
          ...route('error_ratio', steady(0, 120)),
          ...route('duration', [...steady(0.2, 60), ...steady(4, 60)], { quantile: '0.5' }),
        ],
      },
      expect: [{ message: 'burn', service: 'shop', first: [620, 660] }],
    },
  ],
});
