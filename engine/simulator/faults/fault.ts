/**
 * What a fault is to the simulator: a function that sets parameters, or does something once. It never
 * touches a response. Parameters are set anew from all faults that act whenever one begins or ends, an
 * instance comes back or a version changes, so overlapping faults compose, and the last one to end leaves
 * exactly what was there before.
 */
import type { FaultModel } from '../../scenario/model.ts';
import type { Simulation } from '../simulation.ts';

export type FaultOf<K extends FaultModel['kind']> = Extract<FaultModel, { readonly kind: K }>;

export interface FaultModule<K extends FaultModel['kind']> {
  /** Adds what the fault does to parameters that are as if nothing were wrong, or changed by others. */
  readonly shape?: (simulation: Simulation, fault: FaultOf<K>, index: number) => void;
  /** Once, when it begins, and when it ends. */
  readonly begin?: (simulation: Simulation, fault: FaultOf<K>, index: number) => void;
  readonly end?: (simulation: Simulation, fault: FaultOf<K>, index: number) => void;
  /** It goes on, but the flag or the configuration that it hangs on is gone. May be called again. */
  readonly lapse?: (simulation: Simulation, fault: FaultOf<K>, index: number) => void;
}
