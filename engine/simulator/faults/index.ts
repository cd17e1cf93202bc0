/** The list of faults. A new one is a module beside this file, a case below, and a schema entry. */
import type { FaultModel } from '../../scenario/model.ts';
import type { Simulation } from '../simulation.ts';
import { applyCrash } from './crash.ts';
import { applyErrors } from './errors.ts';
import type { FaultEdge, FaultOf } from './fault.ts';
import { applyLatency } from './latency.ts';
import { applyPoolLeak } from './pool-leak.ts';
import { applyTrafficSpike } from './traffic-spike.ts';

export function startFault(simulation: Simulation, index: number): void {
  setFault(simulation, index, 'start');
}

/** Ends a fault that acts; one that was ended early stays as it is. */
export function endFault(simulation: Simulation, index: number): void {
  if (simulation.world.faultActive[index] === 1) setFault(simulation, index, 'end');
}

function setFault(simulation: Simulation, index: number, edge: 'start' | 'end'): void {
  const { plan, world } = simulation;
  world.faultActive[index] = edge === 'start' ? 1 : 0;
  const fault = plan.scenario.faults[index];
  if (!fault) return;
  switch (fault.kind) {
    case 'latency':
      return applyLatency(simulation, describe(simulation, fault, index, edge));
    case 'errors':
      return applyErrors(simulation, describe(simulation, fault, index, edge));
    case 'crash':
      return applyCrash(simulation, describe(simulation, fault, index, edge));
    case 'pool-leak':
      return applyPoolLeak(simulation, describe(simulation, fault, index, edge));
    case 'traffic-spike':
      return applyTrafficSpike(simulation, describe(simulation, fault, index, edge));
    // These can be written, and do nothing yet.
    case 'memory-leak':
    case 'cpu-steal':
    case 'lock-queue':
    case 'cache-flush':
    case 'certificate-expiry':
    case 'dns':
    case 'network':
    case 'disk-fill':
    case 'write-burst':
    case 'poison-message':
    case 'exhaustion':
    case 'clock-skew':
    case 'telemetry-loss':
      return;
    default:
      fault satisfies never;
  }
}

function describe<K extends FaultModel['kind']>(
  { plan, world }: Simulation,
  fault: FaultOf<K>,
  index: number,
  edge: 'start' | 'end',
): FaultEdge<K> {
  const sameKind = (other: FaultModel): other is FaultOf<K> => other.kind === fault.kind;
  const active = plan.scenario.faults.filter((_, f) => world.faultActive[f] === 1).filter(sameKind);
  return { fault, index, edge, active };
}
