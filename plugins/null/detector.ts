/** The baseline that says nothing: what silence is worth. */
import { defineDetector } from 'incident-workbench/sdk';

export default defineDetector({
  apiVersion: 1,
  id: 'null',
  summary: 'Baseline: reads everything and never says anything.',
  per: 'series',
  options: {},
  messages: {},
  init: () => ({}),
  on: { metric: () => 0 },
});
