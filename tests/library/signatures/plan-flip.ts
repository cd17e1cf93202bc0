import { minute, type Signature } from '../signature.ts';

const during = { from: 14 * minute, to: 34 * minute } as const;
const database = { stream: 'metric', service: 'catalog-db', ...during } as const;
const duration = (operation: string) =>
  ({
    ...database,
    name: 'db.server.operation.duration',
    attributes: { operation, quantile: '0.95' },
    statistic: 'mean',
  }) as const;

export default [
  {
    says: 'All cores of the database are busy, to the end.',
    checks: [
      {
        ...database,
        name: 'process.cpu.utilization',
        attributes: {},
        statistic: 'min',
        expect: { is: 'above', value: 0.97 },
      },
    ],
  },
  {
    says: 'One statement takes far longer than any other that users wait for.',
    checks: [
      { ...duration('SELECT products'), expect: { is: 'above', value: 4 } },
      { ...duration('SELECT stock'), expect: { is: 'below', value: 0.4 } },
      { ...duration('UPDATE stock'), expect: { is: 'below', value: 0.4 } },
    ],
  },
  {
    says: 'It is asked for as often as before: it became more expensive, not more frequent.',
    checks: [
      {
        ...database,
        name: 'db.server.operation.rate',
        attributes: { operation: 'SELECT products' },
        statistic: 'mean',
        expect: { is: 'unchanged', within: 0.35 },
      },
    ],
  },
  {
    says: 'The database refuses nobody and fails nothing.',
    checks: [
      {
        ...database,
        name: 'db.server.operation.error_ratio',
        attributes: {},
        statistic: 'max',
        expect: { is: 'below', value: 0.01 },
      },
    ],
  },
] satisfies Signature;
