import { minute, type Signature } from '../signature.ts';

const start = 12 * minute;
const during = { from: start + minute, to: 34 * minute } as const;
const p95 = (service: string, zone: string) =>
  ({
    stream: 'metric',
    service,
    name: 'http.server.request.duration',
    attributes: { 'cloud.availability_zone': zone, quantile: '0.95' },
    statistic: 'mean',
    ...during,
  }) as const;
const probeFailures = (service: string, instance: number) =>
  ({
    stream: 'log',
    service,
    contains: `"Probe failed" probeType="Readiness" pod="shop/${service}-${instance}"`,
    from: start,
    to: 34 * minute,
  }) as const;

export default [
  {
    says: 'A third of the instances is slow: those of one zone.',
    checks: [
      { ...p95('catalog', 'a'), expect: { is: 'above', timesBaseline: 1.6 } },
      { ...p95('catalog', 'b'), expect: { is: 'unchanged', within: 0.4 } },
      { ...p95('catalog', 'c'), expect: { is: 'unchanged', within: 0.4 } },
    ],
  },
  {
    says: 'Who asks others in other zones waits everywhere, and most in the zone itself.',
    checks: [
      { ...p95('checkout', 'a'), expect: { is: 'above', value: 1.8 } },
      { ...p95('checkout', 'b'), expect: { is: 'below', value: 1.8 } },
      { ...p95('checkout', 'c'), expect: { is: 'below', value: 1.8 } },
    ],
  },
  {
    says: 'Errors come by zone: checks fail there and nowhere else.',
    checks: [
      { ...probeFailures('checkout', 0), atLeast: 20, atMost: Infinity },
      { ...probeFailures('checkout', 1), atLeast: 0, atMost: 0 },
      { ...probeFailures('checkout', 2), atLeast: 0, atMost: 0 },
    ],
  },
  {
    says: 'The autoscaler adds capacity in the bad zone.',
    checks: [
      {
        stream: 'metric',
        service: 'recommendations',
        name: 'process.uptime',
        attributes: { 'service.instance.id': 'recommendations-2', 'cloud.availability_zone': 'a' },
        statistic: 'max',
        ...during,
        expect: { is: 'above', value: 60 },
      },
    ],
  },
] satisfies Signature;
