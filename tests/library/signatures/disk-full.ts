import { minute, type Signature } from '../signature.ts';

const full = 12 * minute;
const used = (instance: number) =>
  ({
    stream: 'metric',
    service: 'payments',
    name: 'system.filesystem.utilization',
    attributes: { 'service.instance.id': `payments-${instance}` },
  }) as const;
const lines = (instance: number) =>
  ({
    stream: 'log',
    service: 'payments',
    contains: `"hostname":"payments-${instance}"`,
  }) as const;
const errors = (route: string) =>
  ({
    stream: 'metric',
    service: 'payments',
    name: 'http.server.request.error_ratio',
    attributes: { 'http.route': route },
  }) as const;

export default [
  {
    says: 'A disk fills in a straight line, and is full.',
    checks: [
      // 12 % a minute: half an hour's worth in two.
      {
        ...used(1),
        statistic: 'max',
        from: 8 * minute,
        to: 8.2 * minute,
        expect: { is: 'below', value: 0.55 },
      },
      {
        ...used(1),
        statistic: 'min',
        from: 16 * minute,
        to: 16.2 * minute,
        expect: { is: 'above', value: 0.8 },
      },
      {
        ...used(0),
        statistic: 'min',
        from: full + minute,
        to: 32 * minute,
        expect: { is: 'above', value: 0.999 },
      },
    ],
  },
  {
    says: 'All writes on that host fail: a third of them, for one of three is full.',
    checks: [
      {
        ...errors('POST /authorize'),
        statistic: 'mean',
        from: full + minute,
        to: 18 * minute,
        expect: { is: 'above', value: 0.25 },
      },
      {
        ...errors('POST /authorize'),
        statistic: 'mean',
        from: full + minute,
        to: 18 * minute,
        expect: { is: 'below', value: 0.42 },
      },
      {
        ...errors('GET /methods'),
        statistic: 'max',
        from: full,
        to: 32 * minute,
        expect: { is: 'below', value: 0.005 },
      },
    ],
  },
  {
    says: 'Its log stops, though it runs: the absence is the sign.',
    checks: [
      { ...lines(0), from: 0, to: 11.5 * minute, atLeast: 20, atMost: Infinity },
      { ...lines(0), from: full + minute / 2, to: 32 * minute, atLeast: 0, atMost: 0 },
      {
        stream: 'metric',
        service: 'payments',
        name: 'process.uptime',
        attributes: { 'service.instance.id': 'payments-0' },
        statistic: 'max',
        from: 31 * minute,
        to: 32 * minute,
        expect: { is: 'above', value: 1800 },
      },
    ],
  },
  {
    says: 'When the others are full too, all payments fail and all their logs stop.',
    checks: [
      {
        ...errors('POST /authorize'),
        statistic: 'min',
        from: 20 * minute,
        to: 32 * minute,
        expect: { is: 'above', value: 0.99 },
      },
      { ...lines(2), from: 19.5 * minute, to: 32 * minute, atLeast: 0, atMost: 0 },
    ],
  },
] satisfies Signature;
