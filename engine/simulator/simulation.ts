/** What every part of the simulator works on: the plan, the world, and who watches. */
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

export interface Simulation {
  readonly plan: Plan;
  readonly world: World;
  /** null with telemetry off: then nobody is told, and nothing is drawn for it. */
  readonly probe: Probe | null;
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
  /** An instance's queue was full; `user` names the request by traffic entry and number. */
  refused(world: World, endpoint: number, instance: number, user: UserRequest | null): void;
  /** An attempt got its connection after waiting since `attemptAt`. */
  leased(world: World, request: number, part: number): void;
  /** An attempt ended; `pauseUs` until the next one, or -1 where it was the last. */
  attempted(world: World, request: number, outcome: number, pauseUs: number): void;
  instanceDown(world: World, instance: number): void;
  instanceUp(world: World, instance: number): void;
  changed(world: World, change: number): void;
  /** Time for a line of background noise of a service. */
  noise(world: World, service: number): void;
}

/** A user's request by its place in the traffic. */
export interface UserRequest {
  readonly traffic: number;
  readonly number: number;
}
