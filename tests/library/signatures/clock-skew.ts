import { minute, type Signature } from '../signature.ts';

const start = 12 * minute;
const end = 34 * minute;
const refused = {
  stream: 'log',
  service: 'checkout',
  contains: 'token used before issued',
} as const;
const errors = (instance: number) =>
  ({
    stream: 'metric',
    service: 'checkout',
    name: 'http.server.request.errors',
    attributes: { 'service.instance.id': `checkout-${instance}` },
    statistic: 'max',
    from: start,
    to: end,
  }) as const;
const daemon = (service: string, host: string, atLeast: number, atMost: number) =>
  ({
    stream: 'log',
    service,
    contains: `${host} chronyd`,
    from: 0,
    to: end,
    atLeast,
    atMost,
  }) as const;

export default [
  {
    says: 'Tokens are used before they are issued, from the moment on at which a clock fell behind.',
    checks: [
      { ...refused, from: 0, to: start - 1, atLeast: 0, atMost: 0 },
      { ...refused, from: start, to: end, atLeast: 200, atMost: Infinity },
    ],
  },
  {
    says: 'The further behind it falls, the older a token has to be: ever more are refused.',
    checks: [
      {
        stream: 'metric',
        service: 'checkout',
        name: 'http.server.request.error_ratio',
        attributes: {},
        statistic: 'mean',
        from: start,
        to: start + 4 * minute,
        expect: { is: 'below', value: 0.06 },
      },
      {
        stream: 'metric',
        service: 'checkout',
        name: 'http.server.request.error_ratio',
        attributes: {},
        statistic: 'mean',
        from: end - 4 * minute,
        to: end,
        expect: { is: 'above', value: 0.12 },
      },
    ],
  },
  {
    says: 'One instance does it: the one on the host whose clock is wrong.',
    checks: [
      { ...errors(1), expect: { is: 'above', value: 300 } },
      { ...errors(0), expect: { is: 'below', value: 10 } },
      { ...errors(2), expect: { is: 'below', value: 10 } },
    ],
  },
  {
    says: 'The time daemon of that host complains, and no other.',
    checks: [
      daemon('catalog', 'node-b1', 2, Infinity),
      daemon('catalog', 'node-a1', 0, 0),
      daemon('checkout', 'node-c1', 0, 0),
    ],
  },
  {
    says: 'What its instances write has the time of a while ago: 09:25 by their clock comes in at 09:27.',
    checks: [
      {
        stream: 'log',
        service: 'catalog',
        contains: '2026-03-30 09:25:',
        from: 27 * minute,
        to: 27.5 * minute,
        atLeast: 3,
        atMost: Infinity,
      },
      // Half a minute of the two others.
      {
        stream: 'log',
        service: 'catalog',
        contains: '2026-03-30 09:27:',
        from: 27 * minute,
        to: 27.5 * minute,
        atLeast: 3,
        atMost: Infinity,
      },
    ],
  },
  {
    says: 'Spans of that host begin a minute and more before those that caused them.',
    checks: [
      {
        stream: 'span',
        service: 'catalog',
        contains: '"start":"2026-03-30T09:25:',
        from: 26.8 * minute,
        to: 27.6 * minute,
        atLeast: 2,
        atMost: Infinity,
      },
      {
        stream: 'span',
        service: 'storefront',
        contains: '"start":"2026-03-30T09:27:',
        from: 27 * minute,
        to: 27.6 * minute,
        atLeast: 2,
        atMost: Infinity,
      },
    ],
  },
] satisfies Signature;
