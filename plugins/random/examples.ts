import { defineExamples, points } from 'incident-workbench/testing';

const ratio = { service: 'web', metric: 'errors', role: 'error_ratio', every: 10 } as const;

export default defineExamples({
  quiet: [
    {
      name: 'dice that are never rolled',
      scene: { seconds: 60, records: points({ ...ratio, values: [0, 1, 0, 1, 0] }) },
      config: { findings_per_hour: 0 },
    },
  ],
  fires: [
    {
      name: 'dice that speak every second',
      scene: { seconds: 60, records: points({ ...ratio, values: [0, 1, 0, 1, 0] }) },
      config: { findings_per_hour: 3_600 },
      expect: [{ message: 'dice', first: [1, 1] }],
    },
  ],
});
