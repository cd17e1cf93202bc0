/** Services and what they are made of: names become indexes, units numbers. */
import { limits } from '../limits.ts';
import type { ServiceModel } from './model.ts';
import type { Report } from './report.ts';
import { resolveEndpoints } from './resolve-calls.ts';
import { firstVersion } from './resolve-index.ts';
import type { ServiceIndex } from './resolve-index.ts';
import {
  resolveAutoscale,
  resolveBalancer,
  resolveDisk,
  resolveMemory,
  resolveStartup,
} from './resolve-instances.ts';
import { resolveCaches, resolveConsumers, resolveReplica } from './resolve-data.ts';
import type { SimulatedServiceFile } from './schema-services.ts';
import type { Path } from './yaml-tree.ts';

export function resolveServices(report: Report, index: ServiceIndex): ServiceModel[] {
  return index.files.map((file, service) => {
    const path = ['services', service];
    checkFlags(report, file, path);
    return {
      name: file.name,
      kind: file.kind ?? 'service',
      runtime: file.runtime ?? null,
      version: file.version ?? firstVersion,
      config: file.config ?? '',
      flags: [...(file.flags ?? [])],
      instances: file.instances ?? 1,
      instancesMax: resolveInstancesMax(report, file, path),
      workers: file.workers ?? 64,
      queue: file.queue ?? 256,
      cpus: file.cpus ?? null,
      memory: resolveMemory(report, file.memory, [...path, 'memory']),
      disk: resolveDisk(report, file.disk, [...path, 'disk']),
      startup: resolveStartup(report, index, { service, path: [...path, 'startup'] }),
      balancer: resolveBalancer(report, file.balancer ?? {}, [...path, 'balancer']),
      autoscale: resolveAutoscale(report, file, [...path, 'autoscale']),
      pools: (file.pools ?? []).map((pool, poolIndex) => ({
        name: pool.name,
        size: pool.size,
        timeoutUs: report.positive(pool.timeout ?? '30s', [...path, 'pools', poolIndex, 'timeout']),
      })),
      caches: resolveCaches(report, index, service),
      endpoints: resolveEndpoints(report, index, service),
      consumes: resolveConsumers(report, index, service),
      connectionsMax: file.max_connections ?? Infinity,
      ...resolveReplica(report, index, service),
    };
  });
}

function resolveInstancesMax(report: Report, file: SimulatedServiceFile, path: Path): number {
  const { instances = 1, instances_max: most, autoscale } = file;
  const least = Math.max(instances, autoscale?.max ?? 0);
  if (most === undefined) {
    return Math.max(least, Math.min(instances * 2, limits.instancesPerServiceMax));
  }
  if (most < least) {
    const message = `instances_max (${most}) is less than ${most < instances ? `instances (${instances})` : `autoscale.max (${least})`}`;
    report.add([...path, 'instances_max'], { kind: 'bad-value', message });
  }
  return most;
}

function checkFlags(report: Report, file: SimulatedServiceFile, path: Path): void {
  const seen = new Set<string>();
  for (const [f, flag] of (file.flags ?? []).entries()) {
    if (seen.has(flag)) {
      const message = `flag "${flag}" for the second time`;
      report.add([...path, 'flags', f], { kind: 'duplicate', message });
    }
    seen.add(flag);
  }
}
