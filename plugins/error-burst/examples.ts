import { defineExamples, logs } from 'incident-workbench/testing';

const served = logs({ service: 'web', perSecond: 5, from: 0, to: 600 });
const errors = (perSecond: number, from: number, to: number) =>
  logs({ service: 'web', perSecond, from, to, severity: 17, body: 'connection refused' });

export default defineExamples({
  quiet: [
    { name: 'no errors', scene: { seconds: 600, records: served } },
    {
      name: 'errors that were always there',
      scene: { seconds: 600, records: [...served, ...errors(2, 0, 600)] },
    },
    {
      name: 'a handful of errors',
      scene: { seconds: 600, records: [...served, ...errors(0.1, 300, 340)] },
    },
    {
      name: 'steady errors around a hole in the recording',
      scene: {
        seconds: 600,
        records: [...errors(2, 0, 200), ...errors(2, 400, 600)],
        recorded: [
          [0, 200],
          [400, 600],
        ],
      },
    },
  ],
  fires: [
    {
      name: 'a burst out of silence',
      scene: { seconds: 600, records: [...served, ...errors(3, 300, 360)] },
      expect: [{ message: 'burst', service: 'web', first: [310, 310] }],
    },
    {
      name: 'a trickle that no ten seconds show',
      scene: { seconds: 600, records: [...served, ...errors(0.4, 300, 420)] },
      expect: [{ message: 'burst', service: 'web', first: [330, 360] }],
    },
    {
      name: 'a burst over steady noise',
      scene: { seconds: 600, records: [...errors(0.5, 0, 600), ...errors(6, 300, 400)] },
      expect: [{ message: 'burst', service: 'web', first: [310, 310] }],
    },
  ],
});
