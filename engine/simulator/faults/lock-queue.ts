/** A statement waits for an exclusive lock, and everybody who needs the table waits behind it. */
import { EventType, schedule } from '../events.ts';
import { blockTable, lockToldUs, unblockTable } from '../locks.ts';
import type { Simulation } from '../simulation.ts';
import type { FaultModule, FaultOf } from './fault.ts';

export const lockQueue: FaultModule<'lock-queue'> = {
  begin(simulation, fault, index) {
    blockTable(simulation, lockOf(simulation, fault));
    const { clock, events } = simulation.world;
    schedule(events, (clock[0] as number) + lockToldUs, EventType.lockTold, index);
  },
  end(simulation, fault) {
    unblockTable(simulation, lockOf(simulation, fault));
  },
};

function lockOf({ plan }: Simulation, { service, table }: FaultOf<'lock-queue'>): number {
  return plan.lockTables.findIndex(
    (name, lock) => name === table && plan.lockService[lock] === service,
  );
}
