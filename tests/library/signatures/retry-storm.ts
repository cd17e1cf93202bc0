import { minute, type Signature } from '../signature.ts';

const route = { 'http.route': 'GET /search' };
const storm = { from: 16 * minute, to: 36 * minute };
const metric = { stream: 'metric', statistic: 'mean', attributes: {} } as const;
const rate = { ...metric, name: 'http.server.request.rate' };

export default [
  {
    says: 'A short spike of visitors, who are gone again after three minutes.',
    checks: [
      {
        ...rate,
        service: 'edge',
        from: 10.5 * minute,
        to: 12.5 * minute,
        expect: { is: 'above', timesBaseline: 2 },
      },
      { ...rate, service: 'edge', ...storm, expect: { is: 'unchanged', within: 0.15 } },
    ],
  },
  {
    says: 'Three to ten times the usual requests inside, at the usual requests of users.',
    checks: [
      { ...rate, service: 'search', ...storm, expect: { is: 'above', timesBaseline: 3 } },
      { ...rate, service: 'search', ...storm, expect: { is: 'below', timesBaseline: 10 } },
    ],
  },
  {
    says: 'Next to nobody gets an answer, as long as one looks.',
    checks: [
      {
        ...metric,
        service: 'edge',
        name: 'http.server.request.error_ratio',
        attributes: route,
        statistic: 'min',
        ...storm,
        expect: { is: 'above', value: 0.97 },
      },
    ],
  },
  {
    says: 'The callee works at full load all the while.',
    checks: [
      {
        ...metric,
        service: 'search',
        name: 'process.cpu.utilization',
        statistic: 'min',
        ...storm,
        expect: { is: 'above', value: 0.95 },
      },
    ],
  },
] satisfies Signature;
