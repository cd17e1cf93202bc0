/** Lines and records of what happens outside of requests: instances, changes, what operators do. */
import { Kind } from '../../replay/batch.ts';
import type { ActionInput, ActionKind } from '../../scenario/model.ts';
import { changeKinds, type ChangeKind } from '../../sdk/index.ts';
import { InstanceState } from '../instance-table.ts';
import type { Plan } from '../plan.ts';
import { isPoison } from '../queues.ts';
import type { WorldEvent } from '../simulation.ts';
import type { World } from '../world.ts';
import { mayWrite, Template } from './limiter.ts';
import { lockWait, lockWanted } from './lock-lines.ts';
import type { LogWriter } from './log-writer.ts';
import type { Names } from './names.ts';
import type { TraceIds } from './trace.ts';

export interface EventLogs {
  readonly happened: (world: World, event: WorldEvent) => void;
  readonly changed: (world: World, change: number) => void;
  readonly suppressed: (world: World, instance: number, template: number, count: number) => void;
}

export function makeEventLogs(parts: {
  readonly plan: Plan;
  readonly names: Names;
  readonly ids: TraceIds;
  readonly log: LogWriter;
  readonly inputs: readonly ActionInput[];
}): EventLogs {
  const { plan, names, log } = parts;
  const { services, changes } = plan.scenario;
  return {
    happened: (world, event) => tell(parts, world, event),
    changed(world, c) {
      const change = changes[c];
      if (!change) return;
      const { service, kind, version, config, flag, instances, note } = change;
      const name = names.service(service);
      const what =
        version !== null
          ? `${name} ${version}${instances === null ? '' : ` on ${instances} of ${services[service]?.instances}`}`
          : config !== null
            ? `${name} configuration ${config}`
            : flag
              ? `${name} flag ${flag.name} ${flag.on ? 'on' : 'off'}`
              : kind;
      const attributes = {
        ...(version === null ? {} : { version }),
        ...(config === null ? {} : { config }),
        ...(flag ? { flag: flag.name, on: flag.on } : {}),
        ...(instances === null ? {} : { instances }),
      };
      record(world, { service, kind, body: note || what, attributes });
      for (const instance of running(plan, world, service)) {
        if (config !== null) {
          log.event(world, { instance, kind: 'config-loaded', params: { revision: config } });
        }
        if (flag) {
          log.event(world, { instance, kind: 'flag', params: { flag: flag.name, on: flag.on } });
        }
      }
    },
    suppressed(world, instance, template, count) {
      log.event(world, {
        instance,
        kind: 'suppressed',
        params: { count, what: templateNames[template] ?? '' },
        attributes: `,"suppressed":${count}`,
      });
    },
  };
}

/** What the limiter calls its templates, in their order. */
const templateNames = [
  'retrying',
  'connection acquired late',
  'answering without',
  'request failed',
  'request rejected',
  'slow statement',
  'probe failed',
  'waiting for lock',
];

/** What a kind of action is to those who look for changes. */
const actionChanges: Partial<Record<ActionKind, ChangeKind>> = {
  rollback: 'deploy',
  'flag-off': 'flag',
  scale: 'scaling',
  'renew-certificate': 'certificate',
  'disable-retries': 'config',
  'raise-pool': 'config',
  'raise-timeout': 'config',
};

function tell(
  { plan, names, ids, log, inputs }: Parameters<typeof makeEventLogs>[0],
  world: World,
  event: WorldEvent,
): void {
  const serviceOf = (instance: number) =>
    plan.scenario.services[plan.instanceService[instance] as number];
  switch (event.kind) {
    case 'down': {
      const { instance, reason } = event;
      if (reason === 'restarted') {
        return log.event(world, { instance, kind: 'stopping', params: { inFlight: 0 } });
      }
      if (reason === 'crashed') {
        return log.event(world, {
          instance,
          kind: 'crashed',
          params: { exitCode: 137, restarts: 0 },
        });
      }
      const limitBytes = serviceOf(instance)?.memory?.limitBytes ?? 0;
      return log.event(world, { instance, kind: 'oom-killed', params: { limitBytes } });
    }
    case 'up':
    case 'renewed': {
      const { instance } = event;
      const version = plan.versions[world.instances.version[instance] as number] ?? '';
      const tookMs = Math.max(900, (serviceOf(instance)?.startup.us ?? 0) / 1000);
      return log.event(world, {
        instance,
        kind: 'started',
        params: { version, tookMs },
        attributes: `,"version":${JSON.stringify(version)}`,
      });
    }
    case 'stopped':
      return log.event(world, {
        instance: event.instance,
        kind: 'stopping',
        params: { inFlight: 0 },
      });
    case 'start-failed': {
      const { instance, retryUs } = event;
      const call = serviceOf(instance)?.startup.calls[0];
      const callee = plan.scenario.services[call?.service ?? 0]?.name ?? '';
      const reason = 'no answer in time';
      const params = { callee, reason, retryMs: Math.round(retryUs / 1000) };
      return log.event(world, { instance, kind: 'start-failed', params });
    }
    case 'probe-failed': {
      const { instance } = event;
      if (!mayWrite(world, instance, Template.probe)) return;
      const up = world.instances.state[instance] === InstanceState.up;
      const reason = up ? ('timeout' as const) : ('refused' as const);
      const params = { probe: 'Readiness' as const, reason, status: 0 };
      return log.event(world, { instance, kind: 'probe-failed', params });
    }
    case 'health-changed': {
      const { instance, healthy } = event;
      const callee = serviceOf(instance)?.name ?? '';
      const kind = healthy ? ('upstream-restored' as const) : ('upstream-ejected' as const);
      const params = { callee, address: `${names.address(instance)}:8080` };
      return log.event(world, { instance, kind, params });
    }
    case 'scaled': {
      const { service, from, to } = event;
      record(world, {
        service,
        kind: 'scaling',
        body: `${names.service(service)} from ${from} to ${to} instances`,
        attributes: { instances: to },
      });
      const instance = plan.instanceBase[service] as number;
      return log.event(world, { instance, kind: 'scaled', params: { from, to } });
    }
    case 'lock-wait':
      return lockWait({ plan, ids, log }, world, event.lock);
    case 'lock-wanted':
      return lockWanted({ plan, log }, world, event.fault);
    case 'breaker': {
      const { link, call, open } = event;
      const caller = plan.endpointService[plan.callFrom[call] as number] as number;
      const instance =
        (plan.instanceBase[caller] as number) + link - (plan.linkBase[call] as number);
      const callee = names.service(plan.endpointService[plan.callTo[call] as number] as number);
      if (!open) return log.event(world, { instance, kind: 'breaker-closed', params: { callee } });
      const calls = world.links.windowCalls[link] as number;
      const failures = world.links.windowFailures[link] as number;
      const failureShare = calls > 0 ? failures / calls : 1;
      return log.event(world, {
        instance,
        kind: 'breaker-opened',
        params: { callee, failureShare, calls },
      });
    }
    case 'delivery-failed': {
      const { request, cursor, attempts, last } = event;
      // What else made it fail, its service has told.
      if (!last && !isPoison({ world }, cursor)) return;
      const place = plan.cursors[cursor];
      const instance = world.requests.instance[request] as number;
      const topic = plan.endpoints[place?.topic ?? 0]?.name ?? '';
      const offset =
        (world.cursors.handled[cursor] as number) + (world.cursors.deadLetters[cursor] as number);
      const partition = place?.partition ?? 0;
      if (!mayWrite(world, instance, Template.failure)) return;
      return last
        ? log.event(world, {
            instance,
            kind: 'dead-letter',
            params: { topic, partition, offset, attempts },
          })
        : log.event(world, {
            instance,
            kind: 'poison',
            params: { topic, partition, offset, attempt: attempts },
          });
    }
    case 'action': {
      const input = inputs[event.input];
      if (!event.done || !input) return;
      const { action, text } = input;
      const service = 'service' in action && action.service !== null ? action.service : 0;
      const kind = actionChanges[action.kind] ?? 'other';
      return record(world, { service, kind, body: `operator: ${text}`, attributes: {} });
    }
    default:
      event satisfies never;
  }
}

function running(plan: Plan, { instances }: World, service: number): number[] {
  const from = plan.instanceBase[service] as number;
  const to = plan.instanceBase[service + 1] as number;
  return Array.from({ length: to - from }, (_, k) => from + k).filter(
    (i) => instances.state[i] === InstanceState.up,
  );
}

function record(
  { telemetry, clock }: World,
  change: {
    readonly service: number;
    readonly kind: ChangeKind;
    readonly body: string;
    readonly attributes: Readonly<Record<string, string | number | boolean>>;
  },
): void {
  const { service, kind, body, attributes } = change;
  telemetry?.pending.push({
    kind: Kind.change,
    t: clock[0] as number,
    subject: service,
    severity: changeKinds.indexOf(kind),
    value: 0,
    body,
    trace: '',
    span: '',
    parent: '',
    attributes: Object.keys(attributes).length > 0 ? JSON.stringify(attributes) : '',
  });
}
