import { minute, type Signature } from '../signature.ts';

const always = { from: 0, to: 30 * minute } as const;
const routes = ['GET /', 'GET /products/{id}', 'GET /search', 'POST /checkout'] as const;

export default [
  {
    says: 'Users get what they came for, all the time.',
    checks: routes.map(
      (route) =>
        ({
          stream: 'metric',
          service: 'edge',
          ...always,
          name: 'http.server.request.error_ratio',
          attributes: { 'http.route': route },
          statistic: 'mean',
          expect: { is: 'below', value: 0.003 },
        }) as const,
    ),
  },
  {
    says: 'The probe from outside never fails.',
    checks: [
      {
        stream: 'metric',
        service: 'edge',
        ...always,
        name: 'probe.success',
        attributes: {},
        statistic: 'min',
        expect: { is: 'above', value: 0.99 },
      },
    ],
  },
  {
    says: 'Errors are written in the first five minutes as in the last.',
    checks: [0, 25].map(
      (from) =>
        ({
          stream: 'log',
          service: 'recommendations',
          from: from * minute,
          to: (from + 5) * minute,
          contains: 'KeyError',
          atLeast: 100,
          atMost: Infinity,
        }) as const,
    ),
  },
  {
    says: 'A spike looks like trouble, and comes back by the clock.',
    checks: [10, 20].map(
      (from) =>
        ({
          stream: 'metric',
          service: 'catalog-db',
          from: from * minute,
          to: (from + 1.5) * minute,
          name: 'process.cpu.utilization',
          attributes: {},
          statistic: 'max',
          expect: { is: 'above', value: 0.3 },
        }) as const,
    ),
  },
] satisfies Signature;
