/** What is held somewhere: caches, locks, certificates, messages, bytes on disk. */
import { flush, warm } from '../caches.ts';
import { finish } from '../calls.ts';
import { freeCore, leaveLine } from '../cores.ts';
import { endFault } from '../faults/index.ts';
import { skip } from '../queues.ts';
import { Origin, Outcome, Phase } from '../requests.ts';
import type { FaultModel } from '../../scenario/model.ts';
import type { Simulation } from '../simulation.ts';
import type { ActionOf } from './action.ts';

export function flagOff(simulation: Simulation, { service, flag }: ActionOf<'flag-off'>): void {
  const { plan, world } = simulation;
  const f = plan.flags.findIndex((one) => one.service === service && one.name === flag);
  if (f >= 0) world.flags[f] = 0;
  simulation.reshape(simulation);
}

export function flushCache(
  simulation: Simulation,
  { service, cache }: ActionOf<'flush-cache'>,
): void {
  flush(simulation, (simulation.plan.cacheBase[service] as number) + cache);
}

export function warmCache(
  simulation: Simulation,
  { service, cache }: ActionOf<'warm-cache'>,
): void {
  warm(simulation, (simulation.plan.cacheBase[service] as number) + cache);
}

export function renewCertificate(simulation: Simulation, service: number): void {
  endFaults(simulation, service, 'certificate-expiry');
}

/** A statement that has run for so long is worth ending, µs. */
const longUs = 1_000_000;

/** Ends what holds up tables, and statements that run or wait for long; their callers are told. */
export function killQueries(simulation: Simulation, service: number): void {
  const { plan, world } = simulation;
  const { requests, clock } = world;
  endFaults(simulation, service, 'lock-queue');
  const now = clock[0] as number;
  const long: number[] = [];
  for (let r = 0; r < requests.phase.length; r++) {
    const phase = requests.phase[r];
    const runs = phase === Phase.working || phase === Phase.runnable || phase === Phase.granted;
    if (!runs || requests.origin[r] === Origin.startup) continue;
    if (plan.endpointService[requests.endpoint[r] as number] !== service) continue;
    if (now - (requests.startedAt[r] as number) >= longUs) long.push(r);
  }
  for (const r of long) {
    stopWork(simulation, r);
    requests.timer[r] = 0;
    requests.cause[r] = Outcome.killed;
    finish(simulation, r, Outcome.failed);
  }
}

function stopWork(simulation: Simulation, r: number): void {
  const { phase, instance } = simulation.world.requests;
  if (phase[r] === Phase.working) freeCore(simulation, r);
  else if (phase[r] === Phase.runnable) leaveLine(simulation.world, instance[r] as number, r);
}

export function pauseConsumer({ world }: Simulation, service: number): void {
  world.services.paused[service] = 1;
}

/** Drops the first message of each partition that is delivered again and again. */
export function skipMessage(
  simulation: Simulation,
  { service, topic }: ActionOf<'skip-message'>,
): void {
  const { plan, world } = simulation;
  const endpoint = (plan.endpointBase[service] as number) + topic;
  for (const cursor of plan.topicCursors[endpoint] ?? []) {
    if ((world.cursors.attempts[cursor] as number) > 0) skip(simulation, cursor);
  }
}

/** Deletes what filled the disks of a service; what fills them goes on. */
export function freeDisk({ plan, world }: Simulation, service: number): void {
  const { machines, clock } = world;
  const used = plan.scenario.services[service]?.disk?.usedBytes ?? 0;
  const end = plan.instanceBase[service + 1] as number;
  for (let i = plan.instanceBase[service] as number; i < end; i++) {
    machines.diskUsed[i] = used;
    machines.diskAt[i] = clock[0] as number;
  }
}

function endFaults(simulation: Simulation, service: number, kind: FaultModel['kind']): void {
  simulation.plan.scenario.faults.forEach((fault, index) => {
    if (fault.kind === kind && fault.service === service) endFault(simulation, index);
  });
}
