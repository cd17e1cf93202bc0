import { defineExamples, points } from 'incident-workbench/testing';

const edge = (values: readonly number[]) =>
  points({
    service: 'web',
    metric: 'http.client.retry.ratio',
    attributes: { 'server.address': 'search' },
    every: 10,
    values,
  });
const steady = (share: number, count: number): number[] =>
  Array.from({ length: count }, () => share);
export default defineExamples({
  quiet: [
    {
      name: 'a caller that has always tried twice',
      scene: { seconds: 1200, records: edge(steady(0.1, 120)) },
    },
    {
      name: 'one bad scrape',
      scene: { seconds: 600, records: edge([...steady(0, 30), 0.5, ...steady(0, 29)]) },
    },
  ],
  fires: [
    {
      name: 'every request is tried three times',
      scene: { seconds: 900, records: edge([...steady(0.01, 60), ...steady(0.67, 30)]) },
      expect: [{ message: 'amplified', service: 'web', first: [610, 610] }],
    },
  ],
});
