import type { LineContext } from '../../engine/simulator/telemetry/dialects/index.ts';

/** Where and when the lines of tests are written. */
export const context: LineContext = {
  wall: '2026-03-02T09:12:30.250Z',
  wallMs: 1772442750250,
  service: 'checkout',
  instance: 'checkout-1',
  traceId: 'bbfc4453471998bf',
  flavour: 1013,
  node: 'node-3',
};
