/** What people do to a simulation: decided at a moment, at work some time later. */
import type { ActionInput } from '../scenario/model.ts';
import type { Micros } from '../sdk/index.ts';
import { applyAction, delayOf } from './actions/index.ts';
import type { Plan } from './plan.ts';
import type { Simulation } from './simulation.ts';

/** A moment at which an input is decided, or takes effect. */
export interface InputMoment {
  readonly t: Micros;
  readonly input: number;
  readonly done: boolean;
}

export function inputMoments({ scenario }: Plan, inputs: readonly ActionInput[]): InputMoment[] {
  return inputs
    .flatMap(({ at, action }, input): InputMoment[] => [
      { t: at, input, done: false },
      { t: at + delayOf(scenario, action), input, done: true },
    ])
    .sort((a, b) => a.t - b.t || Number(a.done) - Number(b.done) || a.input - b.input);
}

/**
 * When the next input is due, µs. Inputs are no events of the heap: a world that waits for one is, bit for
 * bit, the world of the run that it is a fork of.
 */
export function nextInputAt({ world, moments }: Simulation): Micros {
  return moments[world.inputs[0] as number]?.t ?? Infinity;
}

/** How many inputs have taken effect. */
export function inputsAtWork({ world, moments }: Simulation): number {
  return moments.slice(0, world.inputs[0]).filter(({ done }) => done).length;
}

/** Takes the inputs that are due now. */
export function takeInputs(simulation: Simulation): void {
  const { world, moments, inputs, probe } = simulation;
  const now = world.clock[0] as number;
  for (
    let moment = moments[world.inputs[0] as number];
    moment && moment.t <= now;
    moment = moments[world.inputs[0] as number]
  ) {
    world.inputs[0] = (world.inputs[0] as number) + 1;
    const { input, done } = moment;
    const action = inputs[input]?.action;
    if (done && action) applyAction(simulation, action);
    if (probe !== null) probe.happened(world, { kind: 'action', input, done });
  }
}
