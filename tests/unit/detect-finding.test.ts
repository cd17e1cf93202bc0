/** What the engine adds to the points and findings of a detector. */
import { expect, test } from 'vitest';
import { points, type SceneRecord } from '../../engine/detect/testing/index.ts';
import { candidateOf, show } from '../../engine/detect/testing/screen.ts';
import { defineDetector } from '../../engine/sdk/index.ts';

const echo = defineDetector({
  apiVersion: 1,
  id: 'echo',
  summary: 'Says every point.',
  per: 'series',
  options: {},
  messages: { said: '{metric} of {service} is at {value:unit} of {requests} requests, {value}.' },
  init: () => ({}),
  on: {
    metric(_state, { value, requests }, { report }) {
      report({ message: 'said', values: { value, requests: requests ?? 'unknown' }, score: 1 });
    },
  },
});

const bodies = (records: readonly SceneRecord[]) => {
  const candidate = candidateOf(echo, 'echo');
  if (!('detector' in candidate)) throw new Error(candidate.join('; '));
  const { findings, failures } = show(candidate, { seconds: 60, records });
  expect(failures).toEqual([]);
  return findings.flatMap(({ subject, body }) => (subject.startsWith('web') ? [body] : []));
};

const rates = { metric: 'rate', role: 'request_rate', every: 10 } as const;
const errors = { service: 'web', metric: 'errors', role: 'error_ratio', every: 10 } as const;

test('a point says how many requests it stands for, by the latest rate of its own service', () => {
  const told = bodies([
    ...points({ ...rates, service: 'web', values: [3, 30] }),
    ...points({ ...rates, service: 'other', values: [700, 700] }),
    ...points({ ...errors, values: [0.12345, 0.12345] }),
  ]);
  expect(told.filter((body) => body.startsWith('Error'))).toEqual([
    'Error ratio of web is at 12.3 % of 30 requests, 0.123.',
    'Error ratio of web is at 12.3 % of 300 requests, 0.123.',
  ]);
});

test('where no rate is measured it is not known', () => {
  expect(bodies(points({ ...errors, values: [0.5] }))).toEqual([
    'Error ratio of web is at 50 % of unknown requests, 0.5.',
  ]);
});
