import { minute, type Signature } from '../signature.ts';

/** All pools are dry. */
const during = { from: 11 * minute, to: 30 * minute } as const;
const wait = {
  stream: 'metric',
  service: 'checkout',
  ...during,
  name: 'db.client.connection.wait_time',
  attributes: { quantile: '0.99' },
} as const;
/** Of the pool, s. */
const timeout = 3;

export default [
  {
    says: 'Requests wait for a connection exactly as long as the pool lets them.',
    checks: [
      { ...wait, statistic: 'min', expect: { is: 'above', value: 0.97 * timeout } },
      { ...wait, statistic: 'max', expect: { is: 'below', value: 1.03 * timeout } },
    ],
  },
  {
    says: 'The CPU of the database is low.',
    checks: [
      {
        stream: 'metric',
        service: 'orders-db',
        ...during,
        name: 'process.cpu.utilization',
        attributes: {},
        statistic: 'max',
        expect: { is: 'below', value: 0.1 },
      },
    ],
  },
  {
    says: 'Callers say how long they waited for a connection.',
    checks: [
      {
        stream: 'log',
        service: 'checkout',
        ...during,
        contains: 'request timed out after 3000ms',
        atLeast: 200,
        atMost: Infinity,
      },
    ],
  },
] satisfies Signature;
