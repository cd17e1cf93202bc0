import { meanBetween, minute, type Signature } from '../signature.ts';

const mean = meanBetween(9 * minute, 40 * minute);
const ratio = 'http.server.request.error_ratio';

/** Trouble by zone, and behind it errors by version. */
export default [
  {
    says: 'A third of the instances is ill: by zone.',
    checks: [
      mean(
        'payments',
        'http.server.request.duration',
        { 'cloud.availability_zone': 'a', quantile: '0.95' },
        { is: 'above', timesBaseline: 2 },
      ),
      mean(
        'payments',
        'http.server.request.duration',
        { 'cloud.availability_zone': 'c', quantile: '0.95' },
        { is: 'unchanged', within: 0.3 },
      ),
      mean(
        'edge',
        'http.server.request.duration',
        { quantile: '0.99' },
        { is: 'above', timesBaseline: 2 },
      ),
    ],
  },
  {
    says: 'What is not behind checkout fails with the zone, for no version of its own.',
    checks: [
      mean('edge', ratio, { 'http.route': 'GET /' }, { is: 'above', value: 0.02 }),
      mean('recommendations', ratio, {}, { is: 'below', value: 0.01 }),
    ],
  },
  {
    says: 'Behind the zone, one version of checkout fails one endpoint.',
    checks: [
      mean('checkout', ratio, { 'service.version': '2.5.0' }, { is: 'above', value: 0.2 }),
      mean('checkout', ratio, { 'service.version': '2.4.0' }, { is: 'below', value: 0.06 }),
      mean('checkout', ratio, { 'http.route': 'POST /orders' }, { is: 'above', value: 0.12 }),
      mean('checkout', ratio, { 'http.route': 'GET /orders/{id}' }, { is: 'below', value: 0.04 }),
    ],
  },
] satisfies Signature;
