import { minute, type Signature } from '../signature.ts';

/** From the first full line of waiters to the end of the lock. */
const during = { from: 11.5 * minute, to: 21.5 * minute } as const;
const database = { stream: 'metric', service: 'orders-db' } as const;
const waiting = (table: string) =>
  ({
    ...database,
    ...during,
    name: 'db.server.locks.waiting',
    attributes: { 'db.collection.name': table },
  }) as const;

export default [
  {
    says: 'Waiters of one table climb to what the pool allows and stay there.',
    checks: [
      { ...waiting('orders'), statistic: 'min', expect: { is: 'above', value: 50 } },
      {
        ...waiting('orders'),
        statistic: 'max',
        from: 0,
        to: 10.5 * minute,
        expect: { is: 'below', value: 1 },
      },
    ],
  },
  {
    says: 'Nobody waits for another table.',
    checks: ['carts', 'sessions', 'accounts'].map(
      (table) =>
        ({
          ...waiting(table),
          statistic: 'max',
          expect: { is: 'below', value: 1 },
        }) as const,
    ),
  },
  {
    says: 'Writes to the table stop: no order comes through.',
    checks: [
      {
        stream: 'metric',
        service: 'edge',
        ...during,
        name: 'http.server.request.error_ratio',
        attributes: { 'http.route': 'POST /checkout' },
        statistic: 'min',
        expect: { is: 'above', value: 0.95 },
      },
    ],
  },
  {
    says: 'Reads of others are fine.',
    checks: [
      {
        ...database,
        ...during,
        name: 'db.server.operation.duration',
        attributes: { operation: 'SELECT sessions', quantile: '0.95' },
        statistic: 'mean',
        expect: { is: 'below', value: 0.05 },
      },
      {
        ...database,
        ...during,
        name: 'db.server.operation.rate',
        attributes: { operation: 'SELECT sessions' },
        statistic: 'mean',
        expect: { is: 'unchanged', within: 0.15 },
      },
    ],
  },
] satisfies Signature;
