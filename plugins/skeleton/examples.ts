import { defineExamples, logs } from 'incident-workbench/testing';

// An example is a small world and what the detector must say about it. These are its tests and its
// documentation; the contract's other rules are checked on the same scenes.
const fine = logs({ service: 'web', perSecond: 1, from: 0, to: 300 });

export default defineExamples({
  quiet: [
    { name: 'other words', scene: { seconds: 300, records: fine } },
    {
      name: 'twice an hour apart is not a pattern',
      scene: {
        seconds: 7200,
        records: [
          { kind: 'log', at: 100, service: 'web', severity: 13, body: 'upstream timeout' },
          { kind: 'log', at: 3700, service: 'web', severity: 13, body: 'upstream timeout' },
        ],
      },
    },
  ],
  fires: [
    {
      name: 'three timeouts within a minute',
      scene: {
        seconds: 300,
        records: [
          ...fine,
          ...logs({
            service: 'web',
            perSecond: 0.1,
            from: 100,
            to: 150,
            severity: 13,
            body: 'upstream Timeout after 5 s',
          }),
        ],
      },
      // The first finding comes with the third log, at 120 s.
      expect: [{ message: 'repeated', service: 'web', first: [120, 120] }],
    },
  ],
});
