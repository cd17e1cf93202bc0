/** A statement waits for an exclusive lock, and everybody who needs the table waits behind it. */
import { EventType, schedule } from '../events.ts';
import { lockToldUs } from '../locks.ts';
import type { FaultModule } from './fault.ts';

export const lockQueue: FaultModule<'lock-queue'> = {
  shape({ plan, shaped }, { service, table }) {
    const lock = plan.lockTables.findIndex(
      (name, l) => name === table && plan.lockService[l] === service,
    );
    if (lock >= 0) shaped.blocked[lock] = (shaped.blocked[lock] as number) + 1;
  },
  begin({ world: { clock, events } }, _fault, index) {
    schedule(events, (clock[0] as number) + lockToldUs, EventType.lockTold, index);
  },
};
