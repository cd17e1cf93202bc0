/** Parameters as if nothing were wrong, before the faults that act change them. */
import { setBlocked } from '../locks.ts';
import { diskUsed } from '../machines.ts';
import type { Plan } from '../plan.ts';
import { setExtraWork } from '../replicas.ts';
import type { Simulation } from '../simulation.ts';
import { setTrafficFactor } from '../traffic.ts';

/** What must be known of all faults before it can be set. */
export interface Shaped {
  /** Factor of each traffic entry; extra work of each replica, µs per µs; statements that hold up each table. */
  readonly traffic: Float64Array;
  readonly extraWork: Float64Array;
  readonly blocked: Int32Array;
}

export function makeShaped({ trafficEndpoint, serviceCount, lockTables }: Plan): Shaped {
  return {
    traffic: new Float64Array(trafficEndpoint.length),
    extraWork: new Float64Array(serviceCount),
    blocked: new Int32Array(lockTables.length),
  };
}

export function resetShape(simulation: Simulation): void {
  const { world, shaped } = simulation;
  const { sites, machines, services, pools, clock } = world;
  sites.factor.fill(1);
  sites.addUs.fill(0);
  sites.errorShare.fill(0);
  sites.errorFault.fill(-1);
  sites.leakBytes.fill(0);
  for (let i = 0; i < machines.diskRate.length; i++) {
    if (machines.diskRate[i] !== 0) machines.diskUsed[i] = diskUsed(simulation, i);
    machines.diskAt[i] = clock[0] as number;
  }
  machines.diskRate.fill(0);
  machines.stolen.fill(0);
  machines.loss.fill(0);
  machines.delayUs.fill(0);
  machines.clockOffset.fill(0);
  machines.clockDrift.fill(0);
  services.dns.fill(0);
  services.certificateEnded.fill(0);
  services.logsLost.fill(0);
  services.metricsLost.fill(0);
  services.spansLost.fill(0);
  pools.partLeakShare.fill(0);
  shaped.traffic.fill(1);
  shaped.extraWork.fill(0);
  shaped.blocked.fill(0);
}

/** Sets what takes more than a number: rates move arrivals that are planned, backlogs are settled. */
export function applyShape(simulation: Simulation): void {
  const { world, shaped } = simulation;
  shaped.traffic.forEach((factor, k) => {
    if (factor !== world.traffic.factor[k]) setTrafficFactor(simulation, k, { factor });
  });
  shaped.extraWork.forEach((share, s) => {
    if (share !== world.replicas.extra[s]) setExtraWork(simulation, s, share);
  });
  shaped.blocked.forEach((statements, lock) => {
    if (statements !== world.locks.blocked[lock]) setBlocked(simulation, lock, statements);
  });
}
