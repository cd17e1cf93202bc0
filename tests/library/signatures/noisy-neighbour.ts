import { meanBetween, minute, type Signature } from '../signature.ts';

const mean = meanBetween(13 * minute, 40 * minute);
const duration = 'http.server.request.duration';
const p95 = (service: string, instance: number) =>
  [
    service,
    duration,
    { 'service.instance.id': `${service}-${String(instance)}`, quantile: '0.95' },
  ] as const;

/** Latency grows on one node, for services that have nothing else in common. */
export default [
  {
    says: 'Everything on the node takes longer.',
    checks: [
      mean(...p95('search', 0), { is: 'above', timesBaseline: 3 }),
      mean(...p95('identity', 0), { is: 'above', timesBaseline: 3 }),
      mean(
        'catalog-db',
        'db.server.operation.duration',
        { quantile: '0.95' },
        { is: 'above', timesBaseline: 2 },
      ),
    ],
  },
  {
    says: 'The same services elsewhere do not.',
    checks: [
      mean(...p95('search', 1), { is: 'unchanged', within: 0.3 }),
      mean(...p95('search', 2), { is: 'unchanged', within: 0.3 }),
      mean(...p95('identity', 1), { is: 'unchanged', within: 0.3 }),
      mean(
        'orders-db',
        'db.server.operation.duration',
        { quantile: '0.95' },
        { is: 'unchanged', within: 0.3 },
      ),
    ],
  },
  {
    says: 'The tenant next door is busy.',
    checks: [
      mean('ledger-export', 'worker.utilization', {}, { is: 'above', timesBaseline: 5 }),
      mean(
        'search',
        'container.cpu.throttled',
        { 'host.name': 'node-c3' },
        { is: 'above', value: 0.5 },
      ),
      mean('search', 'process.cpu.utilization', {}, { is: 'unchanged', within: 0.25 }),
    ],
  },
] satisfies Signature;
