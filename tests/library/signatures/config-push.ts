import { minute, type Signature } from '../signature.ts';

const ratio = (
  attributes: Readonly<Record<string, string>>,
  [from, to]: readonly [number, number],
  is: 'above' | 'below',
  value: number,
) => ({
  stream: 'metric' as const,
  service: 'edge',
  name: 'http.server.request.error_ratio',
  attributes,
  statistic: 'mean' as const,
  from: from * minute,
  to: to * minute,
  expect: { is, value },
});
/** All edges fail within minutes, and flap as good and bad files alternate. */
export default [
  {
    says: 'Every route fails, in every zone: the probe from outside, too.',
    checks: [
      ...['GET /', 'GET /search', 'POST /checkout', 'POST /login'].map((route) =>
        ratio({ 'http.route': route }, [9.4, 11.8], 'above', 0.95),
      ),
      {
        stream: 'metric',
        service: 'edge',
        name: 'probe.success',
        attributes: {},
        statistic: 'max',
        from: 9.5 * minute,
        to: 11.8 * minute,
        expect: { is: 'below', value: 0.01 },
      },
    ],
  },
  {
    says: 'It flaps: fails, works, fails, works, and in the end fails for good.',
    checks: [
      ratio({}, [9.4, 11.8], 'above', 0.95),
      ratio({}, [12.7, 14.8], 'below', 0.02),
      ratio({}, [15.4, 17.8], 'above', 0.95),
      ratio({}, [18.7, 20.8], 'below', 0.02),
      ratio({}, [27.4, 40], 'above', 0.95),
    ],
  },
] satisfies Signature;
