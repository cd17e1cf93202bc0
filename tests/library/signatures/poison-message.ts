import { minute, type Signature } from '../signature.ts';

const start = 12 * minute;
const end = 30 * minute;
const partition = (group: string, id: number, name: string) =>
  ({
    stream: 'metric',
    service: 'events',
    name,
    attributes: {
      'messaging.consumer.group.name': group,
      'messaging.destination.name': 'orders',
      'messaging.destination.partition.id': String(id),
    },
  }) as const;
const lag = (group: string, id: number) => partition(group, id, 'messaging.consumer.lag');

export default [
  {
    says: 'Lag grows on one partition, as fast as messages come.',
    checks: [
      // A sixth of some four orders a second, for eight minutes and for eighteen.
      {
        ...lag('order-status', 3),
        statistic: 'max',
        from: start,
        to: start + 8 * minute,
        expect: { is: 'above', value: 200 },
      },
      {
        ...lag('order-status', 3),
        statistic: 'min',
        from: end - minute,
        to: end,
        expect: { is: 'above', value: 500 },
      },
    ],
  },
  {
    says: 'All others are read as they come.',
    checks: [0, 1, 2, 4, 5].map(
      (id) =>
        ({
          ...lag('order-status', id),
          statistic: 'max',
          from: start,
          to: end,
          expect: { is: 'below', value: 10 },
        }) as const,
    ),
  },
  {
    says: 'The same offset is tried again and again: deliveries fail, none is handled.',
    checks: [
      {
        ...partition('order-status', 3, 'messaging.client.failed.rate'),
        statistic: 'mean',
        from: start + minute,
        to: end,
        expect: { is: 'above', value: 0.15 },
      },
      {
        ...partition('order-status', 3, 'messaging.client.consumed.rate'),
        statistic: 'max',
        from: start + minute,
        to: end,
        expect: { is: 'below', value: 0.01 },
      },
      {
        stream: 'log',
        service: 'order-status',
        contains: 'orders-3@',
        from: start,
        to: end,
        atLeast: 150,
        atMost: Infinity,
      },
    ],
  },
  {
    says: 'Who puts it aside goes on.',
    checks: [
      {
        ...lag('notifications', 3),
        statistic: 'max',
        from: start + minute,
        to: end,
        expect: { is: 'below', value: 10 },
      },
    ],
  },
] satisfies Signature;
