import { defineExamples, points } from 'incident-workbench/testing';

const ratio = { service: 'web', metric: 'errors', role: 'error_ratio', every: 10 } as const;
const failing = points({ ...ratio, values: [1, 1, 1, 1, 1] });

export default defineExamples({
  quiet: [{ name: 'everything fails', scene: { seconds: 60, records: failing } }],
  fires: [],
});
