import type { World } from '../../engine/simulator/index.ts';

/** What faults change for as long as they act. */
export function parametersOf(world: World): Readonly<Record<string, readonly number[]>> {
  const { sites, machines, services, pools, traffic, replicas, locks, endpoints } = world;
  const columns = {
    factor: sites.factor,
    addUs: sites.addUs,
    errorShare: sites.errorShare,
    errorFault: sites.errorFault,
    leakBytes: sites.leakBytes,
    stolen: machines.stolen,
    diskRate: machines.diskRate,
    clockOffset: machines.clockOffset,
    clockDrift: machines.clockDrift,
    loss: machines.loss,
    delayUs: machines.delayUs,
    dns: services.dns,
    certificateEnded: services.certificateEnded,
    logsLost: services.logsLost,
    metricsLost: services.metricsLost,
    spansLost: services.spansLost,
    leakShare: pools.partLeakShare,
    traffic: traffic.factor,
    extra: replicas.extra,
    blocked: locks.blocked,
    left: endpoints.left,
  };
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]]));
}
