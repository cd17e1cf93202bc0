import { defineExamples, logs, points } from 'incident-workbench/testing';

const web = (from: number, to: number) => logs({ service: 'web', perSecond: 2, from, to });
const one = (from: number, to: number) =>
  web(from, to).map((record) => ({ ...record, attributes: { instance: 'web-1' } }));
const two = (from: number, to: number) =>
  web(from, to).map((record) => ({ ...record, attributes: { instance: 'web-2' } }));
const served = (count: number) =>
  points({
    service: 'web',
    metric: 'http.server.request.count',
    unit: '{request}',
    attributes: { 'service.instance.id': 'web-1' },
    monotonic: true,
    every: 10,
    values: Array.from({ length: count }, (_, i) => 100 * i),
  });

const ready = points({
  service: 'web',
  metric: 'service.instances.ready',
  every: 10,
  values: Array.from({ length: 90 }, () => 1),
});

export default defineExamples({
  quiet: [
    {
      name: 'a hole in the recording',
      scene: {
        seconds: 900,
        records: [...web(0, 300), ...web(600, 900)],
        recorded: [
          [0, 300],
          [600, 900],
        ],
      },
    },
    {
      name: 'a hole in the log while metrics go on',
      scene: {
        seconds: 900,
        records: [...one(0, 300), ...one(600, 900), ...served(90)],
        recorded: [
          [0, 300],
          [600, 900],
        ],
      },
    },
    {
      name: 'a log that speaks once a minute',
      scene: {
        seconds: 1800,
        records: logs({ service: 'web', perSecond: 1 / 60, from: 0, to: 1500 }),
      },
    },
    {
      name: 'an instance that is gone',
      scene: { seconds: 900, records: [...one(0, 300), ...two(0, 900), ...served(30), ...ready] },
    },
  ],
  fires: [
    {
      name: 'a log that stops',
      scene: { seconds: 900, records: web(0, 300) },
      expect: [{ message: 'log', service: 'web', first: [325, 345] }],
    },
    {
      name: 'the log of one instance stops while it works',
      scene: { seconds: 900, records: [...one(0, 300), ...two(0, 900), ...served(90)] },
      expect: [{ message: 'instance', service: 'web', first: [325, 345] }],
    },
    {
      name: 'metrics that stop',
      scene: {
        seconds: 900,
        records: points({
          service: 'web',
          metric: 'cpu',
          every: 10,
          values: Array.from({ length: 40 }, (_, i) => i % 3),
        }),
      },
      expect: [{ message: 'metric', service: 'web', first: [425, 435] }],
    },
  ],
});
