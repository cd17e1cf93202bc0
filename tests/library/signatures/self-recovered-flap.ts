import { minute, type Signature } from '../signature.ts';

const start = 11 * minute;
const over = 13 * minute;
const end = 30 * minute;
const failures = (callee: string) =>
  ({
    stream: 'metric',
    service: 'storefront',
    name: 'http.client.request.error_ratio',
    attributes: { 'server.address': callee },
  }) as const;
const lines = (service: string, contains: string) =>
  ({ stream: 'log', service, contains }) as const;
const flaps = ['inventory', 'recommendations'];

export default [
  {
    says: 'Something flaps: instances go out, and come back, more than once.',
    checks: flaps.flatMap((service) => [
      {
        ...lines(service, 'marked unhealthy'),
        from: start,
        to: over,
        atLeast: 2,
        atMost: Infinity,
      } as const,
      {
        ...lines(service, 'healthy again'),
        from: start,
        to: over + minute / 2,
        atLeast: 2,
        atMost: Infinity,
      } as const,
    ]),
  },
  {
    says: 'It makes noise enough for a dozen alerts.',
    checks: [
      {
        ...failures('inventory'),
        statistic: 'max',
        from: start,
        to: over,
        expect: { is: 'above', value: 0.15 },
      },
      {
        ...failures('recommendations'),
        statistic: 'max',
        from: start,
        to: over,
        expect: { is: 'above', value: 0.15 },
      },
      {
        ...lines('storefront', 'answering without'),
        from: start,
        to: over,
        atLeast: 80,
        atMost: Infinity,
      },
    ],
  },
  {
    says: 'It is over by itself, and stays so.',
    checks: [
      {
        ...failures('inventory'),
        statistic: 'mean',
        from: over + minute,
        to: end,
        expect: { is: 'below', value: 0.002 },
      },
      {
        ...failures('recommendations'),
        statistic: 'mean',
        from: over + minute,
        to: end,
        expect: { is: 'below', value: 0.005 },
      },
      ...flaps.map(
        (service) =>
          ({
            ...lines(service, 'marked unhealthy'),
            from: over + minute / 2,
            to: end,
            atLeast: 0,
            atMost: 0,
          }) as const,
      ),
    ],
  },
] satisfies Signature;
