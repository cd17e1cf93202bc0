/** The baseline that rolls dice: what a detector has to be told apart from. */
import { defineDetector } from 'incident-workbench/sdk';

const hourSeconds = 3_600;

export default defineDetector({
  apiVersion: 1,
  id: 'random',
  summary: 'Baseline: scores every point by chance, and finds something now and then.',
  per: 'run',
  options: {
    findings_per_hour: {
      type: 'number',
      default: 3,
      minimum: 0,
      maximum: 3_600,
      description: 'How often it finds something, on average.',
    },
  },
  messages: { dice: 'The dice say that something is wrong.' },
  init: () => ({}),
  on: {
    metric: (_state, _point, { random }) => random(),
    tick(_state, { config, random, report }) {
      // Both numbers are drawn each second, so that when it speaks does not depend on what it says.
      const speaks = random() < config.findings_per_hour / hourSeconds;
      const score = random();
      if (speaks) report({ message: 'dice', values: {}, score: 0.5 + score / 2 });
    },
  },
});
