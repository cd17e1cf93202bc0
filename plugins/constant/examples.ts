import { defineExamples, logs, points } from 'incident-workbench/testing';

const alarming = {
  seconds: 300,
  records: [
    ...points({
      service: 'web',
      metric: 'http.server.error_ratio',
      role: 'error_ratio',
      every: 10,
      values: Array.from({ length: 30 }, (_, i) => (i < 15 ? 0 : 1)),
    }),
    ...logs({ service: 'web', perSecond: 1, from: 0, to: 300, severity: 17 }),
  ],
} as const;

export default defineExamples({
  quiet: [{ name: 'a constant of nothing', scene: alarming, config: { score: 0 } }],
  fires: [
    {
      name: 'whatever happens, from the first second on',
      scene: alarming,
      expect: [{ message: 'always', first: [1, 1] }],
    },
  ],
});
