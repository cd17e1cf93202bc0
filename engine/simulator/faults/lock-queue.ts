/** A statement waits for an exclusive lock, and everybody who needs the table waits behind it. */
import type { FaultModule } from './fault.ts';

export const lockQueue: FaultModule<'lock-queue'> = {
  shape({ plan, shaped }, { service, table }) {
    const lock = plan.lockTables.findIndex(
      (name, l) => name === table && plan.lockService[l] === service,
    );
    if (lock >= 0) shaped.blocked[lock] = (shaped.blocked[lock] as number) + 1;
  },
};
