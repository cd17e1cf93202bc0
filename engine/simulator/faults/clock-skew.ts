/** Clocks of instances are off, and go on drifting: tokens, and the times in what they write. */
import type { FaultModule } from './fault.ts';
import { machinesOf } from './targets.ts';

export const clockSkew: FaultModule<'clock-skew'> = {
  shape(simulation, fault, index) {
    const { machines, clock, faults } = simulation.world;
    const drift = fault.driftUsPerSecond / 1e6;
    const since = (clock[0] as number) - (faults.beganAt[index] as number);
    for (const i of machinesOf(simulation, fault)) {
      machines.clockOffset[i] =
        (machines.clockOffset[i] as number) + fault.offsetUs + Math.round(since * drift);
      machines.clockDrift[i] = (machines.clockDrift[i] as number) + drift;
      machines.clockAt[i] = clock[0] as number;
    }
  },
};
