/**
 * What a fault is to the simulator: a function that sets parameters. It never touches a response. A
 * fault that scales parameters sets them anew from all of its kind that act, so overlapping faults
 * compose and the last one to end leaves exactly what was there before.
 */
import type { FaultModel } from '../../scenario/model.ts';
import type { Simulation } from '../simulation.ts';

export type FaultOf<K extends FaultModel['kind']> = Extract<FaultModel, { readonly kind: K }>;

/** What happened to a fault just now. */
export interface FaultEdge<K extends FaultModel['kind']> {
  readonly fault: FaultOf<K>;
  /** Its index in the scenario. */
  readonly index: number;
  readonly edge: 'start' | 'end';
  /** All faults of its kind that act now, in the order of the scenario. */
  readonly active: readonly FaultOf<K>[];
}

export type ApplyFault<K extends FaultModel['kind']> = (
  simulation: Simulation,
  edge: FaultEdge<K>,
) => void;
