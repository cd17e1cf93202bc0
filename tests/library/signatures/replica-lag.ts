import { minute, type Signature } from '../signature.ts';

const lag = {
  stream: 'metric',
  service: 'orders-db-replica',
  name: 'db.replication.lag',
  attributes: {},
} as const;
/** While the batch runs. */
const during = { from: 13 * minute, to: 28.5 * minute } as const;

export default [
  {
    says: 'Replication lag climbs and climbs.',
    checks: [
      {
        ...lag,
        from: 13 * minute,
        to: 14 * minute,
        statistic: 'mean',
        expect: { is: 'above', value: 20 },
      },
      {
        ...lag,
        from: 20 * minute,
        to: 21 * minute,
        statistic: 'mean',
        expect: { is: 'above', value: 120 },
      },
      {
        ...lag,
        from: 28 * minute,
        to: 29 * minute,
        statistic: 'mean',
        expect: { is: 'above', value: 240 },
      },
    ],
  },
  {
    says: 'Orders are not found right after they were created.',
    checks: [
      {
        stream: 'log',
        service: 'storefront',
        ...during,
        contains: 'status code 404: GET http://checkout:8080/orders/{id}/confirmation',
        atLeast: 300,
        atMost: Infinity,
      },
      {
        stream: 'metric',
        service: 'orders-db',
        ...during,
        name: 'db.server.operation.error_ratio',
        attributes: { operation: 'INSERT orders' },
        statistic: 'max',
        expect: { is: 'below', value: 0.05 },
      },
    ],
  },
  {
    says: 'The copy answers, fast and without a complaint: what it answers is old.',
    checks: [
      {
        stream: 'metric',
        service: 'orders-db-replica',
        ...during,
        name: 'db.server.operation.error_ratio',
        attributes: {},
        statistic: 'max',
        expect: { is: 'below', value: 0.01 },
      },
      {
        stream: 'metric',
        service: 'orders-db-replica',
        ...during,
        name: 'db.server.operation.duration',
        attributes: { quantile: '0.95' },
        statistic: 'mean',
        expect: { is: 'below', value: 0.05 },
      },
    ],
  },
] satisfies Signature;
