/**
 * One process: counters as it exports them, which begin at 0 with it, how long its requests take, and what
 * its machine says. An instance that does not run says nothing.
 */
import { InstanceState } from '../../instance-table.ts';
import { collectorShare, diskUsed, liveBytes } from '../../machines.ts';
import type { Plan } from '../../plan.ts';
import { instanceName, nodeName } from '../names.ts';
import { quantiles } from '../histogram.ts';
import { gained, seriesOfService, serverName, type Meter } from './meter.ts';

export function instanceMeter(plan: Plan, i: number): Meter {
  const s = plan.instanceService[i] as number;
  const service = plan.scenario.services[s];
  const server = serverName(service?.kind);
  const attributes = {
    'service.instance.id': instanceName(plan, i),
    'cloud.availability_zone': plan.scenario.zones[plan.instanceZone[i] as number] ?? '',
    'host.name': nodeName(plan, i),
  };
  const cores = plan.cores[s] as number;
  const { memory, disk } = service ?? {};
  const collected = memory?.collected === true;
  const optional = [
    ...(cores > 0 ? [{ name: 'process.cpu.utilization', unit: '1' }] : []),
    ...(cores > 0 ? [{ name: 'container.cpu.throttled', unit: '1' }] : []),
    ...(memory ? [{ name: 'process.memory.usage', unit: 'By' }] : []),
    ...(memory ? [{ name: 'process.memory.utilization', unit: '1' }] : []),
    ...(collected ? [{ name: 'process.runtime.gc.utilization', unit: '1' }] : []),
    ...(disk ? [{ name: 'system.filesystem.utilization', unit: '1' }] : []),
  ];
  return {
    series: seriesOfService(plan, s, [
      { name: `${server}.count`, unit: '{request}', attributes, monotonic: true },
      { name: `${server}.errors`, unit: '{request}', attributes, monotonic: true },
      {
        name: `${server}.duration`,
        unit: 's',
        attributes: { ...attributes, quantile: '0.95' },
      },
      { name: 'process.uptime', unit: 's', attributes, monotonic: true },
      ...optional.map((one) => ({ ...one, attributes })),
    ]),
    read({ world, telemetry, intervalUs }, put) {
      const { instances, machines, clock } = world;
      if (instances.state[i] !== InstanceState.up) return;
      const simulation = { plan, world };
      put(0, telemetry.instanceCount[i] as number);
      put(1, telemetry.instanceErrors[i] as number);
      for (const us of quantiles(telemetry.durations, [telemetry.rows.instance + i], [0.95])) {
        put(2, us / 1e6);
      }
      put(3, ((clock[0] as number) - (telemetry.instanceSince[i] as number)) / 1e6);
      let k = 4;
      if (cores > 0) {
        put(k++, gained(machines.workUs, telemetry.before.work, i) / (cores * intervalUs));
      }
      if (cores > 0) put(k++, machines.stolen[i] as number);
      if (memory) {
        const live = liveBytes(simulation, s, i);
        put(k++, Math.min(live, memory.limitBytes));
        put(k++, Math.min(1, live / memory.limitBytes));
      }
      if (collected) put(k++, collectorShare(simulation, s, i));
      if (disk) put(k, diskUsed(simulation, i) / disk.sizeBytes);
    },
  };
}
