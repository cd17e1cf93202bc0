import { minute, type Signature } from '../signature.ts';

const stampede = { from: 12 * minute, to: 20 * minute };
const metric = { stream: 'metric', statistic: 'mean', attributes: {} } as const;
const products = { operation: 'SELECT products' };

export default [
  {
    says: 'The hit ratio steps down, from nearly everything to next to nothing.',
    checks: [
      {
        ...metric,
        service: 'catalog',
        name: 'cache.hit_ratio',
        attributes: { 'cache.name': 'products' },
        statistic: 'min',
        from: 5 * minute,
        to: 10 * minute,
        expect: { is: 'above', value: 0.85 },
      },
      {
        ...metric,
        service: 'catalog',
        name: 'cache.hit_ratio',
        attributes: { 'cache.name': 'products' },
        from: 11.5 * minute,
        to: 14 * minute,
        expect: { is: 'below', value: 0.15 },
      },
    ],
  },
  {
    says: 'The origin gets many times the usual questions.',
    checks: [
      {
        ...metric,
        service: 'catalog-db',
        name: 'db.server.operation.rate',
        attributes: products,
        ...stampede,
        expect: { is: 'above', timesBaseline: 5 },
      },
    ],
  },
  {
    says: 'The database is full, and slow for everybody.',
    checks: [
      {
        ...metric,
        service: 'catalog-db',
        name: 'process.cpu.utilization',
        ...stampede,
        expect: { is: 'above', value: 0.95 },
      },
      {
        ...metric,
        service: 'catalog-db',
        name: 'db.server.operation.duration',
        attributes: { quantile: '0.95' },
        ...stampede,
        expect: { is: 'above', timesBaseline: 5 },
      },
    ],
  },
] satisfies Signature;
