import { defineExamples, logs, type SceneRecord } from 'incident-workbench/testing';

const served = logs({ service: 'web', perSecond: 5, from: 0, to: 600 });
const resets = logs({
  ...{ service: 'web', perSecond: 2, from: 0, to: 600, severity: 17 },
  body: 'connection reset by peer',
});
const denied = (perSecond: number, from: number, to: number, severity = 17) =>
  logs({ service: 'web', perSecond, from, to, severity, body: 'disk is full: no space for 12 KB' });

/** A line a second, of one user after the other: three at first, more and more later. */
const users = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const logins = Array.from({ length: 600 }, (_, second): SceneRecord => {
  const known = users.slice(0, 3 + Math.floor(second / 120));
  const body = `login failed for ${known[second % known.length] ?? ''} on the shop`;
  return { kind: 'log', at: second, service: 'web', severity: 17, body };
});

/** Eight lines at once, every two minutes. */
const bursts = [60, 75, 180, 300, 420, 540].flatMap((from) =>
  logs({
    ...{ service: 'web', perSecond: 8, from, to: from + 1, severity: 13 },
    body: 'retrying, the other side is busy',
  }),
);

export default defineExamples({
  quiet: [
    {
      name: 'errors that were always there',
      scene: { seconds: 600, records: [...served, ...resets] },
    },
    {
      name: 'a new line that is no warning',
      scene: { seconds: 600, records: [...served, ...denied(2, 300, 400, 9)] },
    },
    {
      name: 'a handful of new errors',
      scene: { seconds: 600, records: [...served, ...denied(0.1, 300, 340)] },
    },
    { name: 'new words in the place of a variable', scene: { seconds: 600, records: logins } },
    {
      name: 'warnings that come in bursts',
      scene: { seconds: 600, records: [...served, ...bursts] },
    },
    {
      name: 'steady errors around a hole in the recording',
      scene: {
        seconds: 600,
        records: resets.filter(({ at }) => at < 200 || at >= 400),
        recorded: [
          [0, 200],
          [400, 600],
        ],
      },
    },
  ],
  fires: [
    {
      name: 'a new error among many old ones',
      scene: { seconds: 600, records: [...served, ...resets, ...denied(0.5, 300, 420)] },
      expect: [{ message: 'new', service: 'web', first: [320, 350] }],
    },
    {
      name: 'far more of a known warning',
      scene: {
        seconds: 600,
        records: [...served, ...denied(0.1, 0, 300, 13), ...denied(2, 300, 400, 13)],
      },
      expect: [{ message: 'surge', service: 'web', first: [310, 310] }],
    },
  ],
});
