import { defineExamples, noise, points } from 'incident-workbench/testing';

const jitter = (seed: number) => noise({ mean: 0.1, deviation: 0.005, count: 120, seed });
const slow = (by: number, from: number, seed: number): number[] =>
  jitter(seed).map((value, i) => value + (i >= from ? by : 0));
const own = (values: readonly number[]) =>
  points({
    service: 'web',
    metric: 'http.server.request.duration',
    role: 'latency_p95',
    unit: 's',
    every: 10,
    values,
  });
const call = (to: string, values: readonly number[]) =>
  points({
    service: 'web',
    metric: 'http.client.request.duration',
    attributes: { 'server.address': to, quantile: '0.95' },
    unit: 's',
    every: 10,
    values,
  });

/** A request every so many seconds that waits for its call: what both take from second 600 on, s. */
const traced = (late: { readonly own: number; readonly call: number }, every = 1) =>
  Array.from({ length: 1200 / every }, (_, i) => {
    const at = i * every;
    const { own, call: waited } = at < 600 ? { own: 0.02, call: 0.1 } : late;
    const trace = { service: 'web', traceId: `t${at}`, kind: 'span' } as const;
    const ended = at + own + waited;
    return [
      {
        ...{ ...trace, spanId: 'c', parentId: 's', name: 'db SELECT', duration: waited },
        ...{ at: ended - own / 2, attributes: { 'span.kind': 'client' } },
      },
      {
        ...{ ...trace, spanId: 's', name: 'GET /', duration: own + waited },
        ...{ at: ended, attributes: { 'span.kind': 'server' } },
      },
    ];
  }).flat();

export default defineExamples({
  quiet: [
    {
      name: 'slow because a callee is',
      scene: {
        seconds: 1200,
        records: [
          ...own(slow(0.5, 60, 1)),
          ...call('db', slow(0.48, 60, 2)),
          ...call('cart', jitter(3)),
        ],
      },
    },
    {
      name: 'slow because a call is, by its spans, though its latency is all that metrics show',
      scene: {
        seconds: 1200,
        records: [...own(slow(0.5, 60, 1)), ...traced({ own: 0.02, call: 0.6 })],
      },
    },
    {
      name: 'the same by few spans: they say that it waits',
      scene: {
        seconds: 1200,
        records: [...own(slow(0.5, 60, 1)), ...traced({ own: 0.02, call: 0.6 }, 8)],
      },
    },
    { name: 'as ever', scene: { seconds: 1200, records: own(jitter(4)) } },
  ],
  fires: [
    {
      name: 'slow while no callee is',
      scene: {
        seconds: 1200,
        records: [...own(slow(0.5, 60, 1)), ...call('db', jitter(2))],
      },
      expect: [{ message: 'own', service: 'web', first: [620, 630] }],
    },
    {
      name: 'slow by its metrics, and by few spans it is its own',
      scene: {
        seconds: 1200,
        records: [...own(slow(0.5, 60, 1)), ...traced({ own: 0.6, call: 0.1 }, 8)],
      },
      expect: [{ message: 'own', service: 'web', first: [620, 680] }],
    },
    {
      name: 'works longer itself, by its spans',
      scene: { seconds: 1200, records: traced({ own: 0.3, call: 0.1 }) },
      expect: [{ message: 'self', service: 'web', first: [660, 680] }],
    },
  ],
});
