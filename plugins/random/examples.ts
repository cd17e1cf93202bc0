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
  quiet: [
    { name: 'dice that are never rolled', scene: alarming, config: { findings_per_hour: 0 } },
  ],
  fires: [
    {
      name: 'an hour of every second',
      scene: alarming,
      config: { findings_per_hour: 3_600 },
      expect: [{ message: 'dice', first: [1, 1] }],
    },
  ],
});
