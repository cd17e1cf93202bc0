import { minute, type Signature } from '../signature.ts';

type Expectation =
  | { readonly is: 'above' | 'below'; readonly value: number }
  | { readonly is: 'above' | 'below'; readonly timesBaseline: number }
  | { readonly is: 'unchanged'; readonly within: number };

const metric = (
  service: string,
  name: string,
  attributes: Readonly<Record<string, string>>,
  [statistic, expect]: readonly ['mean' | 'min' | 'max', Expectation],
) => ({
  stream: 'metric' as const,
  service,
  name,
  attributes,
  statistic,
  from: 11 * minute,
  to: 40 * minute,
  expect,
});
const duration = 'http.server.request.duration';

/** Checks are green and CPU is low on average, while users fail and the tail grows. */
export default [
  {
    says: 'All checks are green: instances ready, no failed probe, the probe from outside answered.',
    checks: [
      metric('search-index', 'service.instances.ready', {}, ['min', { is: 'above', value: 3.5 }]),
      metric('search', 'service.instances.ready', {}, ['min', { is: 'above', value: 2.5 }]),
      metric('edge', 'probe.success', {}, ['min', { is: 'above', value: 0.99 }]),
      {
        stream: 'log',
        service: 'search-index',
        contains: 'Probe failed',
        from: 10 * minute,
        to: 40 * minute,
        atLeast: 0,
        atMost: 0,
      },
    ],
  },
  {
    says: 'CPU is low on average, and on the sick instance too.',
    checks: [
      metric('search-index', 'process.cpu.utilization', {}, ['mean', { is: 'below', value: 0.45 }]),
      metric(
        'search-index',
        'process.cpu.utilization',
        { 'service.instance.id': 'search-index-0' },
        ['mean', { is: 'below', value: 0.45 }],
      ),
    ],
  },
  {
    says: 'The tail grows, the median stays.',
    checks: [
      metric('search-index', duration, { quantile: '0.99' }, [
        'mean',
        { is: 'above', timesBaseline: 5 },
      ]),
      metric('search-index', duration, { quantile: '0.5' }, [
        'mean',
        { is: 'unchanged', within: 0.5 },
      ]),
    ],
  },
  {
    says: 'Users fail where they search, and nowhere else.',
    checks: [
      metric('edge', 'http.server.request.error_ratio', { 'http.route': 'GET /search' }, [
        'mean',
        { is: 'above', value: 0.01 },
      ]),
      metric('edge', 'http.server.request.error_ratio', { 'http.route': 'GET /' }, [
        'mean',
        { is: 'below', value: 0.005 },
      ]),
    ],
  },
] satisfies Signature;
