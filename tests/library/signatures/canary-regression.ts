import { minute, type Signature } from '../signature.ts';

const ratio = (
  attributes: Readonly<Record<string, string>>,
  is: 'above' | 'below',
  value: number,
) => ({
  stream: 'metric' as const,
  service: 'checkout',
  name: 'http.server.request.error_ratio',
  attributes,
  statistic: 'mean' as const,
  from: 10 * minute,
  to: 36 * minute,
  expect: { is, value },
});

/** Errors for one version and one endpoint of it, and for nothing else. */
export default [
  {
    says: 'Errors come from one version.',
    checks: [
      ratio({ 'service.version': '2.5.0' }, 'above', 0.3),
      ratio({ 'service.version': '2.4.0' }, 'below', 0.005),
    ],
  },
  {
    says: 'Errors come from one endpoint.',
    checks: [
      ratio({ 'http.route': 'POST /orders' }, 'above', 0.15),
      ratio({ 'http.route': 'GET /orders/{id}' }, 'below', 0.005),
    ],
  },
  {
    says: 'Users feel it by the share of the canary: about a quarter, never half of the orders.',
    checks: [
      ...(['above', 'below'] as const).map((is) => ({
        stream: 'metric' as const,
        service: 'edge',
        name: 'http.server.request.error_ratio',
        attributes: { 'http.route': 'POST /checkout' },
        statistic: 'mean' as const,
        from: 10 * minute,
        to: 36 * minute,
        expect: { is, value: is === 'above' ? 0.15 : 0.28 },
      })),
    ],
  },
  {
    says: 'Nothing is slow or full: the version is wrong, not the load.',
    checks: [
      {
        stream: 'metric',
        service: 'checkout',
        name: 'worker.utilization',
        attributes: {},
        statistic: 'max',
        from: 12 * minute,
        to: 36 * minute,
        expect: { is: 'below', value: 0.2 },
      },
    ],
  },
] satisfies Signature;
