import { minute, type Signature } from '../signature.ts';

const errors = (operation: string) =>
  ({
    stream: 'metric',
    service: 'orders-db',
    name: 'db.server.operation.error_ratio',
    attributes: { operation },
  }) as const;
const after = { from: 12.5 * minute, to: 31.9 * minute } as const;

export default [
  {
    says: 'Inserts fail, all of them, from one moment on, and none before.',
    checks: [
      {
        ...errors('INSERT orders'),
        from: 0,
        to: 10 * minute,
        statistic: 'max',
        expect: { is: 'below', value: 0.01 },
      },
      {
        ...errors('INSERT orders'),
        ...after,
        statistic: 'min',
        expect: { is: 'above', value: 0.999 },
      },
    ],
  },
  {
    says: 'Reads of the same table never fail.',
    checks: [
      {
        ...errors('SELECT orders'),
        ...after,
        statistic: 'max',
        expect: { is: 'below', value: 0.001 },
      },
    ],
  },
  {
    says: 'They fail by a number: the database tells so, and nobody waits for it.',
    checks: [
      {
        stream: 'log',
        service: 'orders-db',
        ...after,
        contains: 'ERROR:  integer out of range',
        atLeast: 100,
        atMost: Infinity,
      },
      {
        stream: 'metric',
        service: 'checkout',
        ...after,
        name: 'db.client.connection.wait_time',
        attributes: { quantile: '0.99' },
        statistic: 'max',
        expect: { is: 'below', value: 0.1 },
      },
    ],
  },
] satisfies Signature;
