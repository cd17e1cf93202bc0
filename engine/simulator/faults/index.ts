/** The list of faults. A new one is a module beside this file, a line below, and a schema entry. */
import type { FaultModel } from '../../scenario/model.ts';
import { EventType, schedule } from '../events.ts';
import type { Simulation } from '../simulation.ts';
import { cacheFlush } from './cache-flush.ts';
import { certificateExpiry } from './certificate-expiry.ts';
import { clockSkew } from './clock-skew.ts';
import { cpuSteal } from './cpu-steal.ts';
import { crash } from './crash.ts';
import { diskFill } from './disk-fill.ts';
import { dns } from './dns.ts';
import { errors } from './errors.ts';
import { exhaustion } from './exhaustion.ts';
import type { FaultModule } from './fault.ts';
import { latency } from './latency.ts';
import { lockQueue } from './lock-queue.ts';
import { memoryLeak } from './memory-leak.ts';
import { network } from './network.ts';
import { poisonMessage } from './poison-message.ts';
import { poolLeak } from './pool-leak.ts';
import { applyShape, resetShape } from './shape.ts';
import { conditionHolds } from './targets.ts';
import { telemetryLoss } from './telemetry-loss.ts';
import { trafficSpike } from './traffic-spike.ts';
import { writeBurst } from './write-burst.ts';

const modules: { readonly [K in FaultModel['kind']]: FaultModule<K> } = {
  latency,
  errors,
  crash,
  'pool-leak': poolLeak,
  'traffic-spike': trafficSpike,
  'memory-leak': memoryLeak,
  'cpu-steal': cpuSteal,
  'lock-queue': lockQueue,
  'cache-flush': cacheFlush,
  'certificate-expiry': certificateExpiry,
  dns,
  network,
  'disk-fill': diskFill,
  'write-burst': writeBurst,
  'poison-message': poisonMessage,
  exhaustion,
  'clock-skew': clockSkew,
  'telemetry-loss': telemetryLoss,
};

export const faultKinds: readonly string[] = Object.keys(modules);

export function startFault(simulation: Simulation, index: number): void {
  const { plan, world } = simulation;
  const fault = plan.scenario.faults[index];
  if (!fault || world.faults.active[index] === 1) return;
  world.faults.active[index] = 1;
  world.faults.pulsing[index] = 1;
  world.faults.beganAt[index] = world.clock[0] as number;
  begin(simulation, fault, index);
  if (fault.pulse) schedulePulse(simulation, index, fault.pulse.onUs);
}

/** Ends a fault that acts; one that was ended early stays as it is. */
export function endFault(simulation: Simulation, index: number): void {
  const { plan, world } = simulation;
  const fault = plan.scenario.faults[index];
  if (!fault || world.faults.active[index] === 0) return;
  world.faults.active[index] = 0;
  world.faults.timer[index] = 0;
  if (world.faults.pulsing[index] === 1) end(simulation, fault, index);
}

/** A fault that comes and goes turns. */
export function turnPulse(simulation: Simulation, index: number): void {
  const { plan, world } = simulation;
  const fault = plan.scenario.faults[index];
  if (!fault?.pulse) return;
  const on = world.faults.pulsing[index] === 0;
  world.faults.pulsing[index] = on ? 1 : 0;
  if (on) begin(simulation, fault, index);
  else end(simulation, fault, index);
  schedulePulse(simulation, index, on ? fault.pulse.onUs : fault.pulse.offUs);
}

/** Sets parameters anew from all faults that act now. */
export function reshape(simulation: Simulation): void {
  const { plan, world } = simulation;
  resetShape(simulation);
  plan.scenario.faults.forEach((fault, index) => {
    if (world.faults.active[index] === 0 || world.faults.pulsing[index] === 0) return;
    if (conditionHolds(simulation, fault)) moduleOf(fault).shape?.(simulation, fault, index);
    else moduleOf(fault).lapse?.(simulation, fault, index);
  });
  applyShape(simulation);
}

function begin(simulation: Simulation, fault: FaultModel, index: number): void {
  if (conditionHolds(simulation, fault)) moduleOf(fault).begin?.(simulation, fault, index);
  reshape(simulation);
}

function end(simulation: Simulation, fault: FaultModel, index: number): void {
  moduleOf(fault).end?.(simulation, fault, index);
  reshape(simulation);
}

/** The module of a fault's kind takes faults of that kind: the compiler cannot follow the index. */
function moduleOf(fault: FaultModel): FaultModule<FaultModel['kind']> {
  return modules[fault.kind] as FaultModule<FaultModel['kind']>;
}

function schedulePulse({ world }: Simulation, index: number, us: number): void {
  const at = (world.clock[0] as number) + us;
  world.faults.timer[index] = schedule(world.events, at, EventType.faultPulse, index);
}
