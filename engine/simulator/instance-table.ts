/** Instances as rows: whether they run, who sends to them, and the queue before each. */
import type { Plan } from './plan.ts';

export const InstanceState = { absent: 0, starting: 1, up: 2, down: 3 } as const;

export interface InstanceTable {
  /** Code of `InstanceState`. */
  readonly state: Uint8Array;
  /** Fault that took it down, or -1. */
  readonly downBy: Int32Array;
  /** Sequence of the event that makes it ready; 0 for none. */
  readonly timer: Float64Array;
  /** Indexes into the plan's versions: what it runs, and what it was promised, or -1. */
  readonly version: Int32Array;
  readonly nextVersion: Int32Array;
  /** 1 from its first start until it is sent away: it is on the list of a balancer that asks nobody. */
  readonly listed: Uint8Array;
  /** 1 while the balancer sends to it; what it makes of the health checks; 1 where people drained it. */
  readonly routable: Uint8Array;
  readonly healthy: Uint8Array;
  readonly drained: Uint8Array;
  /** Checks in a row that said something else than `healthy`. */
  readonly checks: Int32Array;
  /** 1 while it finishes what it has, to be absent then. */
  readonly leaving: Uint8Array;
  readonly busy: Int32Array;
  readonly queued: Int32Array;
  /** First and last request in the queue, or -1. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
}

/** There is no such instance any more. */
export function removeInstance(instances: InstanceTable, i: number): void {
  instances.state[i] = InstanceState.absent;
  instances.timer[i] = 0;
  instances.leaving[i] = 0;
  instances.listed[i] = 0;
  instances.downBy[i] = -1;
  instances.nextVersion[i] = -1;
}

export function makeInstances({
  scenario,
  instanceBase,
  instanceService,
  versions,
}: Plan): InstanceTable {
  const n = instanceService.length;
  const starts = Array.from(instanceService, (s, i) => {
    const service = scenario.services[s];
    return service !== undefined && i - (instanceBase[s] as number) < service.instances;
  });
  return {
    state: Uint8Array.from(starts, (up) => (up ? InstanceState.up : InstanceState.absent)),
    downBy: new Int32Array(n).fill(-1),
    timer: new Float64Array(n),
    version: Int32Array.from(instanceService, (s) =>
      versions.indexOf(scenario.services[s]?.version ?? ''),
    ),
    nextVersion: new Int32Array(n).fill(-1),
    listed: Uint8Array.from(starts, Number),
    routable: Uint8Array.from(starts, Number),
    healthy: new Uint8Array(n).fill(1),
    drained: new Uint8Array(n),
    checks: new Int32Array(n),
    leaving: new Uint8Array(n),
    busy: new Int32Array(n),
    queued: new Int32Array(n),
    head: new Int32Array(n).fill(-1),
    tail: new Int32Array(n).fill(-1),
  };
}
