/** What every part of the simulator works on: the plan, the world, and who watches. */
import type { ActionInput } from '../scenario/model.ts';
import type { Shaped } from './faults/shape.ts';
import type { InputMoment } from './inputs.ts';
import type { Plan } from './plan.ts';
import type { SliRecorder } from './sli.ts';
import type { World } from './world.ts';

export interface Simulation {
  readonly plan: Plan;
  readonly world: World;
  /** What people do, in the order of time. */
  readonly inputs: readonly ActionInput[];
  readonly moments: readonly InputMoment[];
  /** null with telemetry off: then nobody is told, and nothing is drawn for it. */
  readonly probe: Probe | null;
  /** null where nobody asks what users got. */
  readonly sli: SliRecorder | null;
  /** Scratch of `reshape`. */
  readonly shaped: Shaped;
  /** Sets anew what faults and versions do to parameters; call when one of them, or an instance, changes. */
  readonly reshape: (simulation: Simulation) => void;
}

/**
 * Is told what requests do, at the moment they do it and before the world forgets; reads the
 * columns, changes none but `keep` and the span ids of requests.
 */
export interface Probe {
  /** A request was admitted; decides what is kept of it. */
  admitted(world: World, request: number): void;
  /** A request left its service; `cause` is set where a call made it fail. */
  ended(world: World, request: number, outcome: number): void;
  /** An instance did not take a request; `user` names it by traffic entry and number. */
  turnedAway(
    world: World,
    endpoint: number,
    instance: number,
    user: UserRequest | null,
    outcome: number,
  ): void;
  /** An attempt got its connection after waiting since `attemptAt`. */
  leased(world: World, request: number, part: number): void;
  /** An attempt ended; `pauseUs` until the next one, or -1 where it was the last. */
  attempted(world: World, request: number, outcome: number, pauseUs: number): void;
  /** A request that handles a message was admitted. */
  delivered(world: World, request: number, message: number): void;
  /** A user has an answer, or went away (`timeout`). */
  userDone(world: World, entry: number, outcome: number, us: number): void;
  changed(world: World, change: number): void;
  /** Something that happens seldom. */
  happened(world: World, event: WorldEvent): void;
  /** Time for a line of background noise of a service. */
  noise(world: World, service: number): void;
}

/** A user's request by its place in the traffic. */
export interface UserRequest {
  readonly traffic: number;
  readonly number: number;
}

export type WorldEvent =
  | {
      readonly kind: 'down';
      readonly instance: number;
      readonly reason: 'crashed' | 'oom-killed' | 'restarted';
    }
  | { readonly kind: 'up' | 'renewed' | 'stopped' | 'probe-failed'; readonly instance: number }
  | { readonly kind: 'start-failed'; readonly instance: number; readonly retryUs: number }
  | { readonly kind: 'health-changed'; readonly instance: number; readonly healthy: boolean }
  | {
      readonly kind: 'scaled';
      readonly service: number;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'lock-wait'; readonly request: number; readonly lock: number }
  /** The statement of a fault still waits for its exclusive lock. */
  | { readonly kind: 'lock-wanted'; readonly fault: number }
  | {
      readonly kind: 'breaker';
      readonly link: number;
      readonly call: number;
      readonly open: boolean;
    }
  | {
      readonly kind: 'delivery-failed';
      readonly request: number;
      readonly cursor: number;
      readonly attempts: number;
      readonly last: boolean;
    }
  | { readonly kind: 'action'; readonly input: number; readonly done: boolean };
