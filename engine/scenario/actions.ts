/**
 * Actions as people write them, from text to the engine's model and back. `formatAction` writes
 * what `parseAction` reads: the one spelling that runs and reports store.
 */
import { anyValue, isKind, readAction } from './action-reader.ts';
import type { ActionProblem, ActionTargets } from './action-targets.ts';
import type { ActionModel } from './model.ts';
import { formatMicros, formatShare } from './units.ts';

/** The action that the text means; what is wrong with it, or with taking it here. */
export function parseAction(
  scenario: ActionTargets,
  text: string,
): { readonly action: ActionModel } | ActionProblem {
  const read = readAction(scenario, text);
  if ('problem' in read) return read;
  if (!isForbidden(scenario, read.value)) return { action: read.value };
  return { problem: `${formatAction(scenario, read.value)} is not allowed in this scenario` };
}

export function formatAction(scenario: ActionTargets, action: ActionModel): string {
  const { target, value } = partsOf(scenario, action);
  return value === null ? target : `${target}=${value}`;
}

/** What is wrong with a rule that forbids actions: a kind, a kind of a target, or one action. */
export function checkRule(scenario: ActionTargets, rule: string): ActionProblem | null {
  if (isKind(rule)) return null;
  const read = readAction(scenario, rule);
  if (!('problem' in read)) return null;
  // `scale:web` forbids any number; it is no action by itself.
  const withAny = Object.values(anyValue).map((value) => readAction(scenario, `${rule}=${value}`));
  return withAny.some((one) => !('problem' in one)) ? null : read;
}

function isForbidden(scenario: ActionTargets, action: ActionModel): boolean {
  const text = formatAction(scenario, action);
  const { target } = partsOf(scenario, action);
  return scenario.actions.forbidden.some((rule) => {
    if (rule === action.kind || rule === target) return true;
    const read = readAction(scenario, rule);
    return !('problem' in read) && formatAction(scenario, read.value) === text;
  });
}

/** The two sides of the equals sign. */
function partsOf(
  scenario: ActionTargets,
  action: ActionModel,
): { readonly target: string; readonly value: string | null } {
  const about = (rest: string, value: string | null = null) => ({
    target: rest === '' ? action.kind : `${action.kind}:${rest}`,
    value,
  });
  if (action.kind === 'fail-over') return about(scenario.zones[action.zone] ?? '');
  if (action.kind === 'custom') return about(scenario.actions.custom[action.action]?.id ?? '');
  const owner = action.service === null ? undefined : scenario.services[action.service];
  const name = owner?.name ?? '';
  switch (action.kind) {
    case 'restart':
      return about(name, action.which === 'all' ? null : String(action.which));
    case 'scale':
      return about(name, String(action.instances));
    case 'shed-load':
      return about(name, formatShare(action.share));
    case 'drain':
      return about(name, String(action.instance));
    case 'flag-off':
      return about(`${name}/${action.flag}`);
    case 'raise-pool':
      return about(`${name}/${owner?.pools[action.pool]?.name ?? ''}`, String(action.size));
    case 'flush-cache':
    case 'warm-cache':
      return about(`${name}/${owner?.caches[action.cache]?.name ?? ''}`);
    case 'skip-message':
      return about(`${name}/${owner?.endpoints[action.topic]?.name ?? ''}`);
    case 'raise-timeout':
    case 'open-breaker': {
      const callee = `${name}>${scenario.services[action.callee]?.name ?? ''}`;
      return about(callee, action.kind === 'raise-timeout' ? formatMicros(action.timeoutUs) : null);
    }
    case 'rollback':
    case 'disable-retries':
    case 'renew-certificate':
    case 'kill-query':
    case 'pause-consumer':
    case 'free-disk':
      return about(name);
    default:
      return action satisfies never;
  }
}
