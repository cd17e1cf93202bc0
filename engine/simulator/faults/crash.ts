/**
 * Instances die: what they hold is lost, new connections are refused until they are back. They come
 * back empty, with fresh pools. An instance that is down already is not taken down again.
 */
import { InstanceState } from '../instance-table.ts';
import { kill } from '../kill.ts';
import { startInstance } from '../lifecycle.ts';
import type { FaultModule } from './fault.ts';
import { machinesOf } from './targets.ts';

export const crash: FaultModule<'crash'> = {
  begin(simulation, fault, index) {
    const { instances } = simulation.world;
    const unlimited = { ...fault, scope: { ...fault.scope, instances: null } };
    const up = machinesOf(simulation, unlimited).filter(
      (i) => instances.state[i] === InstanceState.up,
    );
    for (const i of up.slice(0, fault.scope.instances ?? Infinity)) {
      kill(simulation, i, 'crashed');
      // One that was leaving is not missed.
      if (instances.state[i] !== InstanceState.down) continue;
      instances.downBy[i] = index;
      if (fault.restartAfterUs !== null) startInstance(simulation, i, fault.restartAfterUs);
    }
  },
  end(simulation, _fault, index) {
    const { instances } = simulation.world;
    for (let i = 0; i < instances.downBy.length; i++) {
      if (instances.downBy[i] === index) startInstance(simulation, i, 0);
    }
  },
};
