/** The loop: takes events in order and hands each to the part of the simulator that it belongs to. */
import { restartNext } from './actions/instances.ts';
import { sendLeased } from './attempts.ts';
import { checkHealth } from './balancer.ts';
import {
  attempt,
  attemptEnded,
  callFailed,
  callTimedOut,
  delivered,
  finish,
  roundDone,
  workDone,
} from './calls.ts';
import { applyChange, rollOut } from './changes.ts';
import { EventType, eventTarget, removeFirst, typeMask } from './events.ts';
import { endFault, startFault, turnPulse } from './faults/index.ts';
import { beginWork } from './instances.ts';
import { restart } from './kill.ts';
import { instanceStarted } from './lifecycle.ts';
import { leaveLock } from './locks.ts';
import { isOutOfMemory } from './machines.ts';
import { poolPartOf } from './attempts.ts';
import { leaveLine } from './pools.ts';
import { redeliver } from './queues.ts';
import { Outcome } from './requests.ts';
import { autoscale, scaled } from './scaling.ts';
import type { Simulation } from './simulation.ts';
import { setTrafficFactor, userArrives, userLeaves, userReloads } from './traffic.ts';

/** Runs every event before `until` (exclusive), then sets the clock to it. */
export function advance(simulation: Simulation, until: number): void {
  const { clock, events, requests, traffic } = simulation.world;
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
    } else if (type <= EventType.uncoalesced) {
      if (requests.timer[target] !== sequence) continue;
      clock[0] = at;
      if (type === EventType.workDone) workDone(simulation, target);
      else requestEvent(simulation, type, target);
    } else {
      if (isCancelled(simulation, type, target, sequence)) continue;
      clock[0] = at;
      worldEvent(simulation, type, target);
    }
  }
  clock[0] = until;
}

function isCancelled(
  { world }: Simulation,
  type: number,
  target: number,
  sequence: number,
): boolean {
  switch (type) {
    case EventType.patience:
      return world.requests.patience[target] !== sequence;
    case EventType.instanceUp:
      return world.instances.timer[target] !== sequence;
    case EventType.redelivery:
      return world.cursors.timer[target] !== sequence;
    case EventType.faultPulse:
      return world.faults.timer[target] !== sequence;
    default:
      return false;
  }
}

function requestEvent(simulation: Simulation, type: number, r: number): void {
  const { requests } = simulation.world;
  switch (type) {
    case EventType.callTimeout:
      return callTimedOut(simulation, r);
    case EventType.poolTimeout:
      return poolTimedOut(simulation, r);
    case EventType.leaseGranted:
      return goOn(simulation, r, sendLeased(simulation, r));
    case EventType.retry:
      return attempt(simulation, r);
    case EventType.lockGranted:
      requests.timer[r] = 0;
      return beginWork(simulation, r);
    case EventType.lockTimeout:
      return lockTimedOut(simulation, r);
    case EventType.delivery:
      return delivered(simulation, r);
    case EventType.undelivered:
      return attemptEnded(simulation, r, requests.answer[r] as number);
    case EventType.coalesced:
      return roundDone(simulation, r);
    case EventType.uncoalesced:
      return callFailed(simulation, r, Outcome.failed);
  }
}

/** An attempt goes on, or has ended with `outcome` before it was under way. */
function goOn(simulation: Simulation, r: number, outcome: number): void {
  if (outcome !== Outcome.ok) attemptEnded(simulation, r, outcome);
}

function poolTimedOut(simulation: Simulation, r: number): void {
  const { plan, world } = simulation;
  const pool = plan.callPool[world.requests.call[r] as number] as number;
  leaveLine(simulation, poolPartOf(simulation, pool, r), r);
  attemptEnded(simulation, r, Outcome.poolTimeout);
}

function lockTimedOut(simulation: Simulation, r: number): void {
  const { requests } = simulation.world;
  leaveLock(simulation, r);
  requests.timer[r] = 0;
  requests.cause[r] = Outcome.lockTimeout;
  finish(simulation, r, Outcome.failed);
}

function worldEvent(simulation: Simulation, type: number, target: number): void {
  const { plan, world, probe } = simulation;
  switch (type) {
    case EventType.patience:
      return userLeaves(simulation, target);
    case EventType.reload:
      return userReloads(simulation, target);
    case EventType.faultStart:
      return startFault(simulation, target);
    case EventType.faultEnd:
      return endFault(simulation, target);
    case EventType.faultPulse:
      return turnPulse(simulation, target);
    case EventType.instanceUp:
      return instanceStarted(simulation, target);
    case EventType.outOfMemory:
      if (isOutOfMemory(simulation, target)) restart(simulation, target, 'oom-killed');
      return;
    case EventType.healthCheck:
      return checkHealth(simulation, target);
    case EventType.change:
      return applyChange(simulation, target);
    case EventType.rollout:
      return rollOut(simulation, target);
    case EventType.autoscale:
      return autoscale(simulation, target);
    case EventType.scaled:
      return scaled(simulation, target);
    case EventType.surge: {
      const step = plan.surgeSteps[target];
      if (step) setTrafficFactor(simulation, step.entry, { surge: step.factor });
      return;
    }
    case EventType.redelivery:
      return redeliver(simulation, target);
    case EventType.rollingRestart:
      return restartNext(simulation, target);
    case EventType.noise:
      return probe?.noise(world, target);
    case EventType.lockTold:
      if (world.faults.active[target] === 1) {
        probe?.happened(world, { kind: 'lock-wanted', fault: target });
      }
      return;
  }
}
