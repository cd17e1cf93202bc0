/** The loop: takes events in order and hands each to the part of the simulator that it belongs to. */
import { beginAttempt, callTimedOut, poolTimedOut, sendLeased, workDone } from './calls.ts';
import { EventType, eventTarget, removeFirst, typeMask } from './events.ts';
import { endFault, startFault } from './faults/index.ts';
import { bringUp } from './instances.ts';
import type { Simulation } from './simulation.ts';
import { userArrives } from './traffic.ts';

/** Runs every event before `until` (exclusive), then sets the clock to it. */
export function advance(simulation: Simulation, until: number): void {
  const { clock, events, requests, instances, traffic } = simulation.world;
  const { counters } = events;
  while ((counters[0] as number) > 0) {
    const at = events.time[0] as number;
    if (at >= until) break;
    const sequence = events.sequence[0] as number;
    const action = events.action[0] as number;
    removeFirst(events);
    const target = eventTarget(action);
    const type = action & typeMask;
    if (type === EventType.arrival) {
      if (traffic.timer[target] !== sequence) continue;
      clock[0] = at;
      userArrives(simulation, target);
    } else if (type <= EventType.retry) {
      if (requests.timer[target] !== sequence) continue;
      clock[0] = at;
      if (type === EventType.workDone) workDone(simulation, target);
      else requestEvent(simulation, type, target);
    } else {
      if (type === EventType.instanceUp && instances.restart[target] !== sequence) continue;
      clock[0] = at;
      worldEvent(simulation, type, target);
    }
  }
  clock[0] = until;
}

function requestEvent(simulation: Simulation, type: number, r: number): void {
  switch (type) {
    case EventType.callTimeout:
      return callTimedOut(simulation, r);
    case EventType.poolTimeout:
      return poolTimedOut(simulation, r);
    case EventType.leaseGranted:
      return sendLeased(simulation, r);
    case EventType.retry:
      return beginAttempt(simulation, r);
  }
}

function worldEvent(simulation: Simulation, type: number, target: number): void {
  const { world, probe } = simulation;
  switch (type) {
    case EventType.faultStart:
      return startFault(simulation, target);
    case EventType.faultEnd:
      return endFault(simulation, target);
    case EventType.instanceUp:
      return bringUp(simulation, target);
    case EventType.change:
      return probe?.changed(world, target);
    case EventType.noise:
      return probe?.noise(world, target);
  }
}
