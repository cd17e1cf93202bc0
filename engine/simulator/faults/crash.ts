/**
 * Instances die: what they hold is lost, new connections are refused until they are back. They come
 * back empty, with fresh pools. An instance that is down already is not taken down again. One without a
 * time to come back is held down, whoever restarts it, until the fault ends, or it no longer runs what
 * the fault hangs on.
 */
import { InstanceState } from '../instance-table.ts';
import { kill } from '../kill.ts';
import { startInstance } from '../lifecycle.ts';
import type { Simulation } from '../simulation.ts';
import type { FaultModule, FaultOf } from './fault.ts';
import { machinesOf } from './targets.ts';

export const crash: FaultModule<'crash'> = {
  begin(simulation, fault, index) {
    const { instances } = simulation.world;
    const up = inScope(simulation, fault).filter((i) => instances.state[i] === InstanceState.up);
    for (const i of up.slice(0, fault.scope.instances ?? Infinity)) {
      kill(simulation, i, 'crashed');
      // One that was leaving is not missed.
      if (instances.state[i] !== InstanceState.down) continue;
      instances.downBy[i] = index;
      if (fault.restartAfterUs !== null) startInstance(simulation, i, fault.restartAfterUs);
    }
  },
  shape(simulation, fault, index) {
    if (fault.scope.version === null) return;
    const selected = new Set(inScope(simulation, fault));
    release(simulation, index, (i) => !selected.has(i));
  },
  end(simulation, _fault, index) {
    release(simulation, index, () => true);
  },
  lapse(simulation, _fault, index) {
    release(simulation, index, () => true);
  },
};

function inScope(simulation: Simulation, fault: FaultOf<'crash'>): number[] {
  return machinesOf(simulation, { ...fault, scope: { ...fault.scope, instances: null } });
}

/** Starts those that the fault took down, and holds down no longer. */
function release(simulation: Simulation, index: number, isFree: (i: number) => boolean): void {
  const { downBy } = simulation.world.instances;
  for (let i = 0; i < downBy.length; i++) {
    if (downBy[i] !== index || !isFree(i)) continue;
    downBy[i] = -1;
    startInstance(simulation, i, 0);
  }
}
