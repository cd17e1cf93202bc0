/** The baseline that always says the same: what crying wolf without end is worth. */
import { defineDetector } from 'incident-workbench/sdk';

export default defineDetector({
  apiVersion: 1,
  id: 'constant',
  summary: 'Baseline: is equally alarmed by everything, all the time.',
  per: 'run',
  options: {
    score: {
      type: 'number',
      default: 0.5,
      minimum: 0,
      maximum: 1,
      description: 'What it says of every point.',
    },
  },
  messages: { always: 'Something may be wrong, as ever.' },
  init: () => ({}),
  on: {
    metric: (_state, _point, { config }) => config.score,
    tick(_state, { config, report }) {
      if (config.score > 0) report({ message: 'always', values: {}, score: config.score });
    },
  },
});
