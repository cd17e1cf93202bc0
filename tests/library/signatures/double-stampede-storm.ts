import { minute, type Signature } from '../signature.ts';

const outage = { from: 14 * minute, to: 40 * minute };
const metric = { stream: 'metric', statistic: 'mean', attributes: {} } as const;
const ofInventory = { 'server.address': 'inventory' };

export default [
  {
    says: 'A stampede: the hit ratio steps down, and the origin gets many times the usual questions.',
    checks: [
      {
        ...metric,
        service: 'catalog',
        name: 'cache.hit_ratio',
        attributes: { 'cache.name': 'products' },
        from: 5 * minute,
        to: 10 * minute,
        expect: { is: 'above', value: 0.85 },
      },
      {
        ...metric,
        service: 'catalog',
        name: 'cache.hit_ratio',
        attributes: { 'cache.name': 'products' },
        ...outage,
        expect: { is: 'below', value: 0.15 },
      },
      {
        ...metric,
        service: 'catalog-db',
        name: 'db.server.operation.rate',
        attributes: { operation: 'SELECT products' },
        ...outage,
        expect: { is: 'above', timesBaseline: 5 },
      },
    ],
  },
  {
    says: 'A storm: three to ten times the usual requests inside, most of them tried again.',
    checks: [
      {
        ...metric,
        service: 'storefront',
        name: 'http.client.request.rate',
        attributes: ofInventory,
        ...outage,
        expect: { is: 'above', timesBaseline: 3 },
      },
      {
        ...metric,
        service: 'storefront',
        name: 'http.client.request.rate',
        attributes: ofInventory,
        ...outage,
        expect: { is: 'below', timesBaseline: 10 },
      },
      {
        ...metric,
        service: 'storefront',
        name: 'http.client.retry.ratio',
        attributes: ofInventory,
        ...outage,
        expect: { is: 'above', value: 0.5 },
      },
    ],
  },
  {
    says: 'Next to nobody gets what needs the database, as long as one looks.',
    checks: ['GET /products/{id}', 'POST /checkout'].map((route) => ({
      ...metric,
      service: 'edge',
      name: 'http.server.request.error_ratio',
      attributes: { 'http.route': route },
      statistic: 'min' as const,
      ...outage,
      expect: { is: 'above', value: 0.9 } as const,
    })),
  },
] satisfies Signature;
