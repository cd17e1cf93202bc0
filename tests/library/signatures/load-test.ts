import { minute, type Signature } from '../signature.ts';

const test = { from: 16 * minute, to: 26 * minute };
const metric = { stream: 'metric', statistic: 'mean', attributes: {} } as const;
const rate = { ...metric, service: 'edge', name: 'http.server.request.rate' } as const;
const ready = { ...metric, service: 'storefront', name: 'service.instances.ready' } as const;

export default [
  {
    says: 'Traffic doubles when the change said it would, and goes back.',
    checks: [
      { ...rate, from: 8 * minute, to: 12 * minute, expect: { is: 'below', value: 70 } },
      { ...rate, ...test, expect: { is: 'above', value: 110 } },
      { ...rate, from: 31 * minute, to: 36 * minute, expect: { is: 'below', value: 70 } },
      {
        stream: 'change',
        service: 'edge',
        change: 'other',
        contains: 'playback',
        from: 0,
        to: 12 * minute,
      },
    ],
  },
  {
    says: 'The autoscaler follows, up and down.',
    checks: [
      { ...ready, from: 8 * minute, to: 12 * minute, expect: { is: 'below', value: 4.1 } },
      { ...ready, from: 19 * minute, to: 26 * minute, expect: { is: 'above', value: 5 } },
      { ...ready, from: 34 * minute, to: 36 * minute, expect: { is: 'below', value: 4.1 } },
    ],
  },
  {
    says: 'Users do not notice.',
    checks: [
      {
        ...metric,
        service: 'edge',
        name: 'http.server.request.error_ratio',
        statistic: 'max',
        from: 0,
        to: 36 * minute,
        expect: { is: 'below', value: 0.01 },
      },
      {
        ...metric,
        service: 'edge',
        name: 'http.server.request.duration',
        attributes: { quantile: '0.95' },
        statistic: 'max',
        ...test,
        expect: { is: 'below', value: 0.5 },
      },
    ],
  },
] satisfies Signature;
