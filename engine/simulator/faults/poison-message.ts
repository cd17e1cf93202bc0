/** One message that no consumer can handle stands at the head of its partition, and all wait behind it. */
import { publishPoison } from '../queues.ts';
import type { FaultModule } from './fault.ts';

export const poisonMessage: FaultModule<'poison-message'> = {
  begin(simulation, fault) {
    const topic = (simulation.plan.endpointBase[fault.service] as number) + fault.topic;
    publishPoison(simulation, topic, fault.partition);
  },
};
