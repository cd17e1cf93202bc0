/**
 * What people do. Each action takes its time, changes parameters or state like a fault does, and can
 * harm: it knows nothing of what is wrong. A new one is a case below, a module beside this file, and its
 * words in `engine/scenario/actions.ts`.
 */
import type { ActionKind, ActionModel, SimulatedScenario } from '../../scenario/model.ts';
import type { Micros } from '../../sdk/index.ts';
import { rollBack } from '../changes.ts';
import { endFault, startFault } from '../faults/index.ts';
import { scaleTo } from '../lifecycle.ts';
import type { Simulation } from '../simulation.ts';
import { disableRetries, openBreaker, raisePool, raiseTimeout, shedLoad } from './clients.ts';
import { drain, evacuate, restartService } from './instances.ts';
import {
  flagOff,
  flushCache,
  freeDisk,
  killQueries,
  pauseConsumer,
  renewCertificate,
  skipMessage,
  warmCache,
} from './state.ts';

/** From the decision until it works, µs, where the scenario says nothing else. */
export const usualDelays: Readonly<Record<ActionKind, Micros>> = {
  rollback: 120_000_000,
  'flag-off': 15_000_000,
  restart: 10_000_000,
  scale: 90_000_000,
  'shed-load': 20_000_000,
  'disable-retries': 60_000_000,
  'raise-pool': 60_000_000,
  'raise-timeout': 60_000_000,
  'open-breaker': 20_000_000,
  'fail-over': 120_000_000,
  drain: 30_000_000,
  'flush-cache': 10_000_000,
  'warm-cache': 180_000_000,
  'renew-certificate': 300_000_000,
  'kill-query': 30_000_000,
  'pause-consumer': 20_000_000,
  'skip-message': 60_000_000,
  'free-disk': 120_000_000,
  custom: 120_000_000,
};

export function delayOf({ actions }: SimulatedScenario, action: ActionModel): Micros {
  if (action.kind === 'custom') return actions.custom[action.action]?.takesUs ?? usualDelays.custom;
  return actions.delaysUs[action.kind] ?? usualDelays[action.kind];
}

export function applyAction(simulation: Simulation, action: ActionModel): void {
  switch (action.kind) {
    case 'rollback':
      rollBack(simulation, action.service);
      return;
    case 'flag-off':
      return flagOff(simulation, action);
    case 'restart':
      return restartService(simulation, action);
    case 'scale':
      return scaleTo(simulation, action.service, action.instances);
    case 'shed-load':
      return shedLoad(simulation, action);
    case 'disable-retries':
      return disableRetries(simulation, action);
    case 'raise-pool':
      return raisePool(simulation, action);
    case 'raise-timeout':
      return raiseTimeout(simulation, action);
    case 'open-breaker':
      return openBreaker(simulation, action);
    case 'fail-over':
      return evacuate(simulation, action.zone);
    case 'drain':
      return drain(simulation, action);
    case 'flush-cache':
      return flushCache(simulation, action);
    case 'warm-cache':
      return warmCache(simulation, action);
    case 'renew-certificate':
      return renewCertificate(simulation, action.service);
    case 'kill-query':
      return killQueries(simulation, action.service);
    case 'pause-consumer':
      return pauseConsumer(simulation, action.service);
    case 'skip-message':
      return skipMessage(simulation, action);
    case 'free-disk':
      return freeDisk(simulation, action.service);
    case 'custom':
      return custom(simulation, action.action);
    default:
      action satisfies never;
  }
}

function custom(simulation: Simulation, index: number): void {
  const { ends = [], begins = [] } = simulation.plan.scenario.actions.custom[index] ?? {};
  for (const fault of ends) endFault(simulation, fault);
  for (const fault of begins) startFault(simulation, fault);
}
