import { minute, type Signature } from '../signature.ts';

const outage = { from: 11 * minute, to: 32 * minute };
const metric = { stream: 'metric', statistic: 'mean', attributes: {} } as const;
const routes = ['GET /', 'GET /products/{id}', 'GET /search', 'POST /cart', 'POST /checkout'];

export default [
  {
    says: 'All workers are taken, requests wait for one, and the cores are idle.',
    checks: [
      {
        ...metric,
        service: 'storefront',
        name: 'worker.utilization',
        ...outage,
        expect: { is: 'above', value: 0.95 },
      },
      {
        ...metric,
        service: 'storefront',
        name: 'worker.queue.length',
        ...outage,
        expect: { is: 'above', value: 10 },
      },
      {
        ...metric,
        service: 'storefront',
        name: 'process.cpu.utilization',
        statistic: 'max',
        ...outage,
        expect: { is: 'below', value: 0.4 },
      },
    ],
  },
  {
    says: 'Every endpoint is slow, whatever it asks for.',
    checks: routes.map((route) => ({
      ...metric,
      service: 'edge',
      name: 'http.server.request.duration',
      attributes: { 'http.route': route, quantile: '0.95' },
      ...outage,
      expect: { is: 'above', timesBaseline: 3 } as const,
    })),
  },
  {
    says: 'Only the optional dependency is slow.',
    checks: [
      {
        ...metric,
        service: 'recommendations',
        name: 'http.server.request.duration',
        attributes: { quantile: '0.5' },
        ...outage,
        expect: { is: 'above', timesBaseline: 20 },
      },
      ...['catalog', 'search', 'checkout'].map((service) => ({
        ...metric,
        service,
        name: 'http.server.request.duration',
        attributes: { quantile: '0.95' },
        ...outage,
        expect: { is: 'below', timesBaseline: 1.5 } as const,
      })),
    ],
  },
] satisfies Signature;
