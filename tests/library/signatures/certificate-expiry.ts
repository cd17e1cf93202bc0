import { minute, type Signature } from '../signature.ts';

/** 12:00:00 UTC. */
const end = 12 * minute;
const second = minute / 60;
const refused = (service: string) =>
  ({
    stream: 'metric',
    service,
    name: 'http.client.request.error_ratio',
    attributes: { 'server.address': 'identity' },
  }) as const;
const complaints = (service: string) =>
  ({ stream: 'log', service, contains: 'certificate has expired' }) as const;

export default [
  {
    says: 'TLS errors begin at an exact second.',
    checks: ['notifications', 'storefront', 'edge'].map(
      (service) =>
        ({ ...complaints(service), from: 0, to: end - 1, atLeast: 0, atMost: 0 }) as const,
    ),
  },
  {
    says: 'Who connects every few seconds meets them within seconds.',
    checks: [
      {
        ...complaints('notifications'),
        from: end,
        to: end + 5 * second,
        atLeast: 1,
        atMost: Infinity,
      },
    ],
  },
  {
    says: 'Only new connections fail: clients that keep theirs are well for as long as they last.',
    checks: [
      {
        ...refused('notifications'),
        statistic: 'mean',
        from: end + 0.5 * minute,
        to: end + 2 * minute,
        expect: { is: 'above', value: 0.95 },
      },
      {
        ...refused('storefront'),
        statistic: 'mean',
        from: end,
        to: end + minute,
        expect: { is: 'below', value: 0.2 },
      },
      {
        ...refused('storefront'),
        statistic: 'max',
        from: 25 * minute,
        to: 30 * minute,
        expect: { is: 'above', value: 0.85 },
      },
    ],
  },
  {
    says: 'The service whose certificate it is has no errors of its own.',
    checks: [
      {
        stream: 'metric',
        service: 'identity',
        name: 'http.server.request.error_ratio',
        attributes: {},
        statistic: 'max',
        from: end,
        to: 30 * minute,
        expect: { is: 'below', value: 0.01 },
      },
    ],
  },
] satisfies Signature;
