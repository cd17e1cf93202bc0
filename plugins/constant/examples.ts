import { defineExamples, points } from 'incident-workbench/testing';

const ratio = { service: 'web', metric: 'errors', role: 'error_ratio', every: 10 } as const;
const failing = points({ ...ratio, values: [1, 1, 1, 1, 1] });

export default defineExamples({
  quiet: [
    {
      name: 'a constant of nothing',
      scene: { seconds: 60, records: failing },
      config: { score: 0 },
    },
  ],
  fires: [
    {
      name: 'nothing is wrong, and it speaks from the first second on',
      scene: { seconds: 60, records: points({ ...ratio, values: [0, 0, 0, 0, 0] }) },
      expect: [{ message: 'always', first: [1, 1] }],
    },
  ],
});
