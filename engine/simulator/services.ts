/** What is true of a service as a whole: its sums over instances, and what people changed about it. */
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

export interface ServiceTable {
  /** Worker slots and queue places of each instance. */
  readonly workers: Int32Array;
  readonly queue: Int32Array;
  /** Instance that gets the next request, where the balancer takes them in turn. */
  readonly cursor: Int32Array;
  /** Instances that the balancer sends to. */
  readonly routable: Int32Array;
  readonly instancesUp: Int32Array;
  /** Instances that should run, as scaling and deploys decided. */
  readonly desired: Int32Array;
  /** Indexes into the plan's versions and configs: of new instances, and the ones before. */
  readonly version: Int32Array;
  readonly previousVersion: Int32Array;
  readonly config: Int32Array;
  readonly previousConfig: Int32Array;
  /** Code of `LastChange`: what a rollback takes back. */
  readonly lastChange: Uint8Array;
  /** Share of requests that is turned away at the door. */
  readonly shedShare: Float64Array;
  /** 1 where nobody in the service tries again. */
  readonly retriesOff: Uint8Array;
  /** 1 where its consumers take nothing. */
  readonly paused: Uint8Array;
  /** 0, or how its name fails to resolve; 1 where its certificate has ended. */
  readonly dns: Uint8Array;
  readonly certificateEnded: Uint8Array;
  /** Shares of what it tells that get lost. */
  readonly logsLost: Float64Array;
  readonly metricsLost: Float64Array;
  readonly spansLost: Float64Array;
  /** Integrals over time, in unit × µs, of load and of capacity up to when each was touched. */
  readonly queued: Int32Array;
  readonly busy: Int32Array;
  readonly coresBusy: Int32Array;
  readonly loadTouchedAt: Float64Array;
  readonly capacityTouchedAt: Float64Array;
  readonly queuedIntegral: Float64Array;
  readonly busyIntegral: Float64Array;
  readonly coresIntegral: Float64Array;
  /** Instances that were up: times workers, or cores, it is what there was to use. */
  readonly upIntegral: Float64Array;
  /** Autoscaler: instances it waits for or 0, cores (or workers) used until its last look, and when it was last busy. */
  readonly deciding: Int32Array;
  readonly scaledIntegral: Float64Array;
  readonly scaledUpIntegral: Float64Array;
  readonly highAt: Float64Array;
}

export function makeServices({ scenario, versions, configs, serviceCount: n }: Plan): ServiceTable {
  const { services } = scenario;
  const version = Int32Array.from(services, (s) => versions.indexOf(s.version));
  const config = Int32Array.from(services, (s) => configs.indexOf(s.config));
  const column = (): Float64Array => new Float64Array(n);
  return {
    workers: Int32Array.from(services, (s) => s.workers),
    queue: Int32Array.from(services, (s) => s.queue),
    cursor: new Int32Array(n),
    routable: Int32Array.from(services, (s) => s.instances),
    instancesUp: Int32Array.from(services, (s) => s.instances),
    desired: Int32Array.from(services, (s) => s.instances),
    version,
    previousVersion: version.slice(),
    config,
    previousConfig: config.slice(),
    lastChange: new Uint8Array(n),
    shedShare: column(),
    retriesOff: new Uint8Array(n),
    paused: new Uint8Array(n),
    dns: new Uint8Array(n),
    certificateEnded: new Uint8Array(n),
    logsLost: column(),
    metricsLost: column(),
    spansLost: column(),
    queued: new Int32Array(n),
    busy: new Int32Array(n),
    coresBusy: new Int32Array(n),
    loadTouchedAt: column(),
    capacityTouchedAt: column(),
    queuedIntegral: column(),
    busyIntegral: column(),
    coresIntegral: column(),
    upIntegral: column(),
    deciding: new Int32Array(n),
    scaledIntegral: column(),
    scaledUpIntegral: column(),
    highAt: column(),
  };
}

/** Brings a service's integrals up to now; call before its counts change. */
export function touchService(world: World, service: number): void {
  touchLoad(world, service);
  touchCapacity(world, service);
}

/** Those of requests in the service, which change with each of them. */
export function touchLoad({ services, clock }: World, service: number): void {
  const now = clock[0] as number;
  const elapsed = now - (services.loadTouchedAt[service] as number);
  if (elapsed === 0) return;
  services.loadTouchedAt[service] = now;
  services.queuedIntegral[service] =
    (services.queuedIntegral[service] as number) + elapsed * (services.queued[service] as number);
  services.busyIntegral[service] =
    (services.busyIntegral[service] as number) + elapsed * (services.busy[service] as number);
}

/** Those of cores at work, and of instances that are up. */
export function touchCapacity({ services, clock }: World, service: number): void {
  const now = clock[0] as number;
  const elapsed = now - (services.capacityTouchedAt[service] as number);
  if (elapsed === 0) return;
  services.capacityTouchedAt[service] = now;
  services.coresIntegral[service] =
    (services.coresIntegral[service] as number) + elapsed * (services.coresBusy[service] as number);
  services.upIntegral[service] =
    (services.upIntegral[service] as number) + elapsed * (services.instancesUp[service] as number);
}
