/** How a live run is watched and steered; the process that hosts the run holds it. */
import type { Micros } from '../sdk/index.ts';
import type { Speed } from './speed.ts';

export type LiveState = 'running' | 'paused' | 'completed' | 'degraded' | 'interrupted' | 'failed';

export interface LiveStatus {
  readonly state: LiveState;
  /** Everything before is stored, µs. */
  readonly throughUs: Micros;
  readonly durationUs: Micros;
  readonly askedSpeed: Speed;
  /** Scenario seconds per wall second, over the last two seconds. */
  readonly realSpeed: number;
}

export interface RunControl {
  readonly runId: string;
  /** Path of the run file. */
  readonly file: string;
  status(): LiveStatus;
  /** Calls back after each stored step and each change of state or speed; returns how to stop. */
  watch(listener: (status: LiveStatus) => void): () => void;
  pause(): void;
  resume(): void;
  /** Advances a paused run by `us`, or to the end of the next record where not given. */
  step(us?: Micros): void;
  /** 0.25 … 1000, or 'max'. */
  setSpeed(speed: Speed): void;
}

export type { Speed } from './speed.ts';
