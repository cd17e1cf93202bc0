import { minute, type Signature } from '../signature.ts';

const herd = { from: 13 * minute, to: 36 * minute };
const metric = { stream: 'metric', statistic: 'mean', attributes: {} } as const;
const ready = { ...metric, service: 'storefront', name: 'service.instances.ready' } as const;

export default [
  {
    says: 'The first fix works where few start: three are back, and stay.',
    checks: [
      {
        ...ready,
        statistic: 'min',
        from: 11.5 * minute,
        to: 36 * minute,
        expect: { is: 'above', value: 2 },
      },
    ],
  },
  {
    says: 'Where many start nobody comes up.',
    checks: [{ ...ready, statistic: 'max', ...herd, expect: { is: 'below', value: 7 } }],
  },
  {
    says: 'What they ask for when they start takes longer than they wait, because all ask at once.',
    checks: [
      {
        ...metric,
        service: 'settings',
        name: 'http.server.request.duration',
        attributes: { 'http.route': 'GET /snapshot', quantile: '0.95' },
        ...herd,
        expect: { is: 'above', value: 10 },
      },
      {
        stream: 'log',
        service: 'storefront',
        contains: 'settings is not available at startup',
        ...herd,
        atLeast: 200,
        atMost: Infinity,
      },
    ],
  },
  {
    says: 'No process dies any more: nothing is wrong with the fix.',
    checks: [
      {
        stream: 'log',
        service: 'storefront',
        contains: 'CrashLoopBackOff',
        ...herd,
        atLeast: 0,
        atMost: 0,
      },
    ],
  },
] satisfies Signature;
