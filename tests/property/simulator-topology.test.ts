import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSimulation, runTo } from '../../engine/simulator/index.ts';
import { auditWorld } from '../support/audit-world.ts';
import { tries } from '../support/effort.ts';
import { drawTopology } from '../support/random-topology.ts';
import { second } from '../support/topology.ts';

test('a world holds together after every second, whatever goes wrong and whatever is done', () => {
  fc.assert(
    fc.property(fc.gen(), (g) => {
      const { scenario, inputs, seed } = drawTopology(g);
      const run = openSimulation(scenario, { seed, inputs, telemetry: false, sli: true });
      for (let t = second; t <= scenario.durationUs; t += second) {
        runTo(run, t);
        expect(auditWorld(run.simulation)).toEqual([]);
      }
    }),
    { numRuns: tries(30) },
  );
});
