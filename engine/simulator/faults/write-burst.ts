/** A batch writes to the database beside the requests: its replicas have more to apply than they can. */
import type { FaultModule } from './fault.ts';

export const writeBurst: FaultModule<'write-burst'> = {
  shape({ plan, shaped }, fault) {
    const { replicaOf } = plan.scenario.services[fault.service] ?? { replicaOf: null };
    const behind = replicaOf === null ? (plan.replicas[fault.service] ?? []) : [fault.service];
    for (const replica of behind) {
      shaped.extraWork[replica] =
        (shaped.extraWork[replica] as number) + fault.workUsPerSecond / 1e6;
    }
  },
};
