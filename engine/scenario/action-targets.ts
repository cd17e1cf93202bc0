/** What an action is about: names in its text become indexes, and every answer says what there is. */
import type { ServiceModel, SimulatedScenario } from './model.ts';
import { clipped, suggestion } from './suggestion.ts';

/** What the text of an action refers to. */
export type ActionTargets = Pick<SimulatedScenario, 'services' | 'zones' | 'changes' | 'actions'>;

export interface ActionProblem {
  readonly problem: string;
  readonly hint?: string;
}

export type Answer<T> = { readonly value: T } | ActionProblem;

export function whenFound<T, U>(answer: Answer<T>, next: (value: T) => Answer<U>): Answer<U> {
  return 'problem' in answer ? answer : next(answer.value);
}

/** What a service must be or have: in words that follow its name where it is not so. */
export interface Requirement {
  readonly holds: (service: ServiceModel) => boolean;
  readonly otherwise: string;
}

export const anyService: Requirement = { holds: () => true, otherwise: '' };

export function findService(
  { services }: ActionTargets,
  name: string,
  { holds, otherwise }: Requirement,
): Answer<number> {
  const known = services.filter(holds).map((service) => service.name);
  const index = services.findIndex((service) => service.name === name);
  const service = services[index];
  const hint = suggestion(name, known, 'known services');
  if (!service) return { problem: `no service "${clipped(name)}"`, hint };
  if (holds(service)) return { value: index };
  return { problem: `${service.name} ${otherwise}`, hint };
}

/** The parts of a service that an action may name, and what they are called. */
export interface PartKind {
  readonly separator: '/' | '>';
  readonly what: string;
  readonly namesOf: (service: ServiceModel, targets: ActionTargets) => readonly string[];
}

/**
 * A service and something of it. Names may have the separator in them: each place where the text
 * can be cut is tried.
 */
export function findPart(
  targets: ActionTargets,
  text: string,
  { separator, what, namesOf }: PartKind,
  requirement: Requirement = anyService,
): Answer<{ readonly service: number; readonly part: number; readonly name: string }> {
  let closest: ActionProblem | null = null;
  for (let cut = text.indexOf(separator); cut >= 0; cut = text.indexOf(separator, cut + 1)) {
    const name = text.slice(cut + 1);
    const found = findService(targets, text.slice(0, cut), requirement);
    if ('problem' in found) {
      closest ??= found;
      continue;
    }
    const service = targets.services[found.value];
    const names = service ? namesOf(service, targets) : [];
    const part = names.indexOf(name);
    if (part >= 0) return { value: { service: found.value, part, name } };
    closest = {
      problem: `no ${what} of ${service?.name ?? ''} "${clipped(name)}"`,
      hint: suggestion(name, names, `known ${what}s`),
    };
  }
  if (closest) return closest;
  const owner = findService(targets, text, requirement);
  if ('problem' in owner) return owner;
  const service = targets.services[owner.value];
  const names = service ? namesOf(service, targets) : [];
  return {
    problem: `which ${what} of ${service?.name ?? ''}?`,
    hint: names.length > 0 ? `write ${text}${separator}${names[0] ?? ''}` : 'there are none',
  };
}

/** Services that a service calls, from endpoints or while it starts: by name, each once. */
export function calleesOf(
  { endpoints, startup }: ServiceModel,
  { services }: ActionTargets,
): string[] {
  const calls = [...endpoints.flatMap((endpoint) => endpoint.calls), ...startup.calls];
  return [...new Set(calls.map((call) => services[call.service]?.name ?? ''))];
}

/** Flags that are ever on: at the start, or by a change. */
export function flagsOf(service: ServiceModel, { services, changes }: ActionTargets): string[] {
  const index = services.indexOf(service);
  const changed = changes.filter((change) => change.service === index);
  return [...new Set([...service.flags, ...changed.flatMap((change) => change.flag?.name ?? [])])];
}

export function findZone({ zones }: ActionTargets, name: string): Answer<number> {
  const zone = zones.indexOf(name);
  if (zone < 0) {
    return {
      problem: `no zone "${clipped(name)}"`,
      hint: suggestion(name, zones, 'known zones'),
    };
  }
  if (zones.length === 1) return { problem: 'there is one zone: nowhere to go' };
  return { value: zone };
}

export function findCustom({ actions }: ActionTargets, id: string): Answer<number> {
  const ids = actions.custom.map((action) => action.id);
  const action = ids.indexOf(id);
  if (action >= 0) return { value: action };
  return {
    problem: `no action "${clipped(id)}" in this scenario`,
    hint: suggestion(id, ids, 'known'),
  };
}
