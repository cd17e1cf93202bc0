/** The text of an action, `kind:target=value`, to the engine's model of it. */
import { limits } from '../limits.ts';
import {
  anyService,
  calleesOf,
  findCustom,
  findPart,
  findService,
  findZone,
  flagsOf,
  whenFound,
} from './action-targets.ts';
import type { ActionTargets, Answer, PartKind, Requirement } from './action-targets.ts';
import { readCount, readDuration, readInstance, readShare, readWhich } from './action-values.ts';
import type { ActionKind, ActionModel } from './model.ts';
import { clipped, suggestion } from './suggestion.ts';

/** An example of each kind, for those who leave something out. */
const examples: Readonly<Record<ActionKind, string>> = {
  rollback: 'rollback:payments',
  'flag-off': 'flag-off:web/new-recs',
  restart: 'restart:checkout, restart:checkout=rolling or restart:checkout=2',
  scale: 'scale:web=8',
  'shed-load': 'shed-load:edge=50%',
  'disable-retries': 'disable-retries or disable-retries:web',
  'raise-pool': 'raise-pool:checkout/orders-db=80',
  'raise-timeout': 'raise-timeout:web>payments=10s',
  'open-breaker': 'open-breaker:web>recommendations',
  'fail-over': 'fail-over:b',
  drain: 'drain:search=2',
  'flush-cache': 'flush-cache:catalog/products',
  'warm-cache': 'warm-cache:catalog/products',
  'renew-certificate': 'renew-certificate:payments',
  'kill-query': 'kill-query:orders-db',
  'pause-consumer': 'pause-consumer:notifications',
  'skip-message': 'skip-message:events/orders',
  'free-disk': 'free-disk:search',
  custom: 'custom:restore-record',
};

export const actionKinds = Object.keys(examples) as readonly ActionKind[];

export function isKind(text: string): text is ActionKind {
  return Object.hasOwn(examples, text);
}

export function readAction(scenario: ActionTargets, written: string): Answer<ActionModel> {
  const text = written.trim();
  if (text.length > limits.actionCharsMax) {
    return { problem: `the action is longer than ${limits.actionCharsMax} characters` };
  }
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? '' : text.slice(colon + 1);
  if (isKind(kind)) {
    if (rest !== '' || kind === 'disable-retries') return readKind(scenario, { kind, rest });
    return { problem: `${kind} of what?`, hint: `for example: ${examples[kind]}` };
  }
  const own = findCustom(scenario, text);
  if (!('problem' in own)) return { value: { kind: 'custom', action: own.value } };
  const known = [...actionKinds, ...scenario.actions.custom.map((action) => action.id)];
  return { problem: `unknown action "${clipped(kind)}"`, hint: suggestion(kind, known, 'known') };
}

const database: Requirement = {
  holds: ({ kind }) => kind === 'database',
  otherwise: 'is no database',
};
const queue: Requirement = { holds: ({ kind }) => kind === 'queue', otherwise: 'is no queue' };
const consumer: Requirement = {
  holds: ({ consumes }) => consumes.length > 0,
  otherwise: 'consumes nothing',
};
const withDisk: Requirement = { holds: ({ disk }) => disk !== null, otherwise: 'has no disk' };

const flag: PartKind = { separator: '/', what: 'flag', namesOf: flagsOf };
const pool: PartKind = { separator: '/', what: 'pool', namesOf: (s) => namesOf(s.pools) };
const cache: PartKind = { separator: '/', what: 'cache', namesOf: (s) => namesOf(s.caches) };
const topic: PartKind = { separator: '/', what: 'topic', namesOf: (s) => namesOf(s.endpoints) };
const callee: PartKind = { separator: '>', what: 'callee', namesOf: calleesOf };

function namesOf(things: readonly { readonly name: string }[]): string[] {
  return things.map(({ name }) => name);
}

function readKind(
  scenario: ActionTargets,
  { kind, rest }: { kind: ActionKind; rest: string },
): Answer<ActionModel> {
  switch (kind) {
    case 'restart':
    case 'scale':
    case 'shed-load':
    case 'raise-pool':
    case 'raise-timeout':
    case 'drain':
      return readWithValue(scenario, { kind, rest });
    case 'rollback':
    case 'renew-certificate':
      return aboutService(scenario, { kind, rest, must: anyService });
    case 'kill-query':
      return aboutService(scenario, { kind, rest, must: database });
    case 'pause-consumer':
      return aboutService(scenario, { kind, rest, must: consumer });
    case 'free-disk':
      return aboutService(scenario, { kind, rest, must: withDisk });
    case 'disable-retries':
      if (rest === '') return { value: { kind, service: null } };
      return aboutService(scenario, { kind, rest, must: anyService });
    case 'flag-off':
      return whenFound(findPart(scenario, rest, flag), ({ service, name }) => ({
        value: { kind, service, flag: name },
      }));
    case 'open-breaker':
      return whenFound(findCallee(scenario, rest), (found) => ({ value: { kind, ...found } }));
    case 'flush-cache':
    case 'warm-cache':
      return whenFound(findPart(scenario, rest, cache), ({ service, part }) => ({
        value: { kind, service, cache: part },
      }));
    case 'skip-message':
      return whenFound(findPart(scenario, rest, topic, queue), ({ service, part }) => ({
        value: { kind, service, topic: part },
      }));
    case 'fail-over':
      return whenFound(findZone(scenario, rest), (zone) => ({ value: { kind, zone } }));
    case 'custom':
      return whenFound(findCustom(scenario, rest), (action) => ({ value: { kind, action } }));
    default:
      return kind satisfies never;
  }
}

function instancesOf({ services }: ActionTargets, service: number) {
  return { what: 'instances', most: services[service]?.instancesMax ?? 1 };
}

type AboutService =
  | 'rollback'
  | 'renew-certificate'
  | 'kill-query'
  | 'pause-consumer'
  | 'free-disk'
  | 'disable-retries';

function aboutService(
  scenario: ActionTargets,
  { kind, rest, must }: { kind: AboutService; rest: string; must: Requirement },
): Answer<ActionModel> {
  return whenFound(findService(scenario, rest, must), (service) => ({ value: { kind, service } }));
}

function findCallee(
  scenario: ActionTargets,
  text: string,
): Answer<{ readonly service: number; readonly callee: number }> {
  return whenFound(findPart(scenario, text, callee), ({ service, name }) => ({
    value: { service, callee: scenario.services.findIndex((one) => one.name === name) },
  }));
}

type ValueKind = 'restart' | 'scale' | 'shed-load' | 'raise-pool' | 'raise-timeout' | 'drain';

/** One that each of them takes, to ask about the rest of the text. */
export const anyValue: Readonly<Record<ValueKind, string>> = {
  restart: 'all',
  scale: '1',
  'shed-load': '1%',
  'raise-pool': '1',
  'raise-timeout': '1s',
  drain: '0',
};

function readWithValue(
  scenario: ActionTargets,
  { kind, rest }: { kind: ValueKind; rest: string },
): Answer<ActionModel> {
  const service = (name: string) => findService(scenario, name, anyService);
  // A service may have an equals sign in its name.
  const whole = kind === 'restart' ? service(rest) : null;
  if (whole && !('problem' in whole)) {
    return { value: { kind: 'restart', service: whole.value, which: 'all' } };
  }
  const cut = rest.lastIndexOf('=');
  if (cut < 0) {
    // The target first: whoever misspells it is not helped by a word about the value.
    const target = whole ?? readWithValue(scenario, { kind, rest: `${rest}=${anyValue[kind]}` });
    if ('problem' in target) return target;
    return {
      problem: `${kind}:${clipped(rest)} needs a value`,
      hint: `for example: ${examples[kind]}`,
    };
  }
  const name = rest.slice(0, cut);
  const value = rest.slice(cut + 1);
  switch (kind) {
    case 'restart':
      return whenFound(service(name), (s) =>
        whenFound(readWhich(value, scenario.services[s]), (which) => ({
          value: { kind, service: s, which },
        })),
      );
    case 'scale':
      return whenFound(service(name), (s) =>
        whenFound(readCount(value, instancesOf(scenario, s)), (instances) => ({
          value: { kind, service: s, instances },
        })),
      );
    case 'shed-load':
      return whenFound(service(name), (s) =>
        whenFound(readShare(value), (share) => ({ value: { kind, service: s, share } })),
      );
    case 'drain':
      return whenFound(service(name), (s) =>
        whenFound(readInstance(value, scenario.services[s]), (instance) => ({
          value: { kind, service: s, instance },
        })),
      );
    case 'raise-pool':
      return whenFound(findPart(scenario, name, pool), ({ service: s, part }) =>
        whenFound(readCount(value, { what: 'connections', most: limits.poolSizeMax }), (size) => ({
          value: { kind, service: s, pool: part, size },
        })),
      );
    case 'raise-timeout':
      return whenFound(findCallee(scenario, name), (found) =>
        whenFound(readDuration(value), (timeoutUs) => ({ value: { kind, ...found, timeoutUs } })),
      );
    default:
      return kind satisfies never;
  }
}
