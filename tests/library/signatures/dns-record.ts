import { minute, type Signature } from '../signature.ts';

/** 14:30:00 UTC. */
const gone = 10 * minute;
const end = 32 * minute;
const toDatabase = (service: string) =>
  ({
    stream: 'metric',
    service,
    name: 'http.client.request.error_ratio',
    attributes: { 'server.address': 'catalog-db' },
  }) as const;
const complaints = (service: string, contains: string) =>
  ({ stream: 'log', service, contains }) as const;

export default [
  {
    says: 'One name does not resolve, for all who ask for it, from one second on.',
    checks: [
      {
        ...complaints('inventory', 'no such host'),
        from: 0,
        to: gone - 1,
        atLeast: 0,
        atMost: 0,
      },
      {
        ...complaints('inventory', 'lookup catalog-db'),
        from: gone,
        to: end,
        atLeast: 200,
        atMost: Infinity,
      },
      {
        ...complaints('catalog', 'UnknownHostException: catalog-db'),
        from: gone,
        to: end,
        atLeast: 100,
        atMost: Infinity,
      },
    ],
  },
  {
    says: 'No other name fails.',
    checks: [
      complaints('checkout', 'UnknownHostException'),
      complaints('payments', 'no such host'),
      complaints('storefront', 'ENOTFOUND'),
    ].map((check) => ({ ...check, from: 0, to: end, atLeast: 0, atMost: 0 }) as const),
  },
  {
    says: 'Long-lived connections are fine: who keeps them longest suffers last.',
    checks: [
      {
        ...toDatabase('catalog'),
        statistic: 'max',
        from: gone,
        to: gone + 2 * minute,
        expect: { is: 'below', value: 0.1 },
      },
      {
        ...toDatabase('inventory'),
        statistic: 'max',
        from: gone,
        to: gone + 6 * minute,
        expect: { is: 'above', value: 0.95 },
      },
      {
        ...toDatabase('catalog'),
        statistic: 'max',
        from: gone + 16 * minute,
        to: end,
        expect: { is: 'above', value: 0.95 },
      },
    ],
  },
] satisfies Signature;
