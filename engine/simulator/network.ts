/** The network between instances: packets that are lost are sent again, later and later (RFC 6298). */
import { uniform } from '../replay/random.ts';
import type { Simulation } from './simulation.ts';

/** First retransmission timeout, doubled each time, and when a connection gives up (Linux: 200 ms, some 6 of them here). */
const retransmitUs = 200_000;
const retransmitsMax = 8;

/**
 * How much longer a request from one instance to another takes, there and back, µs. Instances in the same
 * trouble, a zone that is cut off for one, reach each other as ever.
 */
export function delayBetween(
  { plan, world }: Simulation,
  from: number,
  to: number,
  call: number,
): number {
  const { machines, streams } = world;
  const lossFrom = machines.loss[from] as number;
  const lossTo = machines.loss[to] as number;
  const delayFrom = machines.delayUs[from] as number;
  const delayTo = machines.delayUs[to] as number;
  const together =
    lossFrom === lossTo &&
    delayFrom === delayTo &&
    plan.instanceZone[from] === plan.instanceZone[to];
  if (together) return 0;
  const loss = 1 - (1 - Math.max(lossFrom, lossTo)) ** 2;
  let delay = 2 * Math.max(delayFrom, delayTo);
  if (loss > 0) {
    for (let k = 0; k < retransmitsMax; k++) {
      if (uniform(streams, plan.streams.network + call) >= loss) break;
      delay += retransmitUs * 2 ** k;
    }
  }
  return Math.floor(delay);
}
