import { minute, type Signature } from '../signature.ts';

const instance = (id: string) => ({ 'service.instance.id': id });
const heap = (id: string, statistic: 'min' | 'max', expect: 'above' | 'below', value: number) => ({
  stream: 'metric' as const,
  service: 'catalog',
  name: 'process.memory.utilization',
  attributes: instance(id),
  statistic,
  from: 18 * minute,
  to: 50 * minute,
  expect: { is: expect, value },
});

/** Sawtooth, collector's share up, kills staggered by uptime. */
export default [
  {
    says: 'The heap of each instance is a sawtooth: full, then as after a start.',
    checks: ['catalog-0', 'catalog-1', 'catalog-2'].flatMap((id) => [
      heap(id, 'max', 'above', 0.93),
      heap(id, 'min', 'below', 0.5),
    ]),
  },
  {
    says: 'The collector takes a share of the cores that it did not take before.',
    checks: ['catalog-0', 'catalog-1', 'catalog-2'].map((id) => ({
      stream: 'metric' as const,
      service: 'catalog',
      name: 'process.runtime.gc.utilization',
      attributes: instance(id),
      statistic: 'mean' as const,
      from: 18 * minute,
      to: 50 * minute,
      expect: { is: 'above' as const, timesBaseline: 3 },
    })),
  },
  {
    says: 'No process lives longer than its heap lasts.',
    checks: ['catalog-0', 'catalog-1', 'catalog-2'].map((id) => ({
      stream: 'metric' as const,
      service: 'catalog',
      name: 'process.uptime',
      attributes: instance(id),
      statistic: 'max' as const,
      from: 18 * minute,
      to: 50 * minute,
      expect: { is: 'below' as const, value: 12 * 60 },
    })),
  },
  {
    says: 'More of the cores is used, for fewer requests in the minutes of a kill.',
    checks: [
      {
        stream: 'metric',
        service: 'catalog',
        name: 'process.cpu.utilization',
        attributes: {},
        statistic: 'mean',
        from: 13 * minute,
        to: 50 * minute,
        expect: { is: 'above', timesBaseline: 1.1 },
      },
      {
        stream: 'metric',
        service: 'catalog',
        name: 'http.server.request.rate',
        attributes: {},
        statistic: 'min',
        from: 13 * minute,
        to: 50 * minute,
        expect: { is: 'below', timesBaseline: 0.9 },
      },
    ],
  },
  {
    says: 'Kills come one at a time: at the first of them the others still run.',
    checks: [
      {
        stream: 'metric',
        service: 'catalog',
        name: 'service.instances.ready',
        attributes: {},
        statistic: 'min',
        from: 13 * minute,
        to: 18 * minute,
        expect: { is: 'above', value: 1.5 },
      },
    ],
  },
] satisfies Signature;
