/** Lines and records of what happens outside of requests: crashes, starts, changes, background. */
import { Kind } from '../../replay/batch.ts';
import { exponential, nextBits, uniform } from '../../replay/random.ts';
import { changeKinds, severityNumbers } from '../../sdk/index.ts';
import { EventType, schedule } from '../events.ts';
import { InstanceState } from '../instance-table.ts';
import type { Plan } from '../plan.ts';
import type { World } from '../world.ts';
import { backgroundLines, backgroundMeanUs, type BackgroundLine } from './background.ts';
import type { LogWriter } from './log-writer.ts';
import type { Names } from './names.ts';

export interface EventLogs {
  readonly instanceDown: (world: World, instance: number) => void;
  readonly instanceUp: (world: World, instance: number) => void;
  readonly changed: (world: World, change: number) => void;
  readonly noise: (world: World, service: number) => void;
  readonly suppressed: (world: World, instance: number, template: number, count: number) => void;
}

export function makeEventLogs(plan: Plan, names: Names, log: LogWriter): EventLogs {
  const plain = (instance: number) => ({ instance, traceId: '', flavour: instance });
  const started = (world: World, instance: number): void => {
    const service = plan.instanceService[instance] as number;
    const version = plan.versions[world.instances.version[instance] as number] ?? '';
    log.write(world, {
      ...plain(instance),
      severity: severityNumbers.info,
      message: `${names.service(service)} ${version} started, listening on :8080`,
      attributes: `,"version":${JSON.stringify(version)}`,
    });
  };
  return {
    instanceDown(world, instance) {
      // The process is gone; what one reads is its supervisor.
      log.write(world, {
        ...plain(instance),
        severity: severityNumbers.error,
        message: `container ${names.instance(instance)} terminated: exit code 137`,
      });
    },
    instanceUp: started,
    changed(world, c) {
      const change = plan.scenario.changes[c];
      if (!change) return;
      const { service, version } = change;
      const attributes = version === null ? '' : JSON.stringify({ version });
      world.telemetry?.pending.push({
        kind: Kind.change,
        t: world.clock[0] as number,
        subject: service,
        severity: changeKinds.indexOf(change.kind),
        value: 0,
        body:
          change.note || (version === null ? change.kind : `${names.service(service)} ${version}`),
        trace: '',
        span: '',
        parent: '',
        attributes,
      });
    },
    noise(world, service) {
      const stream = plan.streams.noise + service;
      const lines = backgroundLines[log.dialectOf(service)];
      const line = weighted(lines, uniform(world.streams, stream));
      const bits = nextBits(world.streams, stream) >>> 0;
      const first = plan.instanceBase[service] as number;
      const count = (plan.instanceBase[service + 1] as number) - first;
      const instance = first + (bits % count);
      if (world.instances.state[instance] === InstanceState.up) {
        log.write(world, {
          ...plain(instance),
          severity: line.severity,
          message: line.message
            .replace('{n}', String((bits >>> 4) % 1000))
            .replace('{m}', String((bits >>> 14) % 1000)),
        });
      }
      scheduleNoise(plan, world, service);
    },
    suppressed(world, instance, template, count) {
      log.write(world, {
        ...plain(instance),
        severity: severityNumbers.warn,
        message: `suppressed ${count} similar messages (${templateNames[template]})`,
        attributes: `,"suppressed":${count}`,
      });
    },
  };
}

/** What the limiter calls its templates, in their order. */
const templateNames = [
  'retrying',
  'connection acquired late',
  'connection not available',
  'request failed',
  'request rejected',
  'slow statement',
];

/** Schedules the next line of background of a service. */
export function scheduleNoise(
  plan: Plan,
  { clock, events, streams }: World,
  service: number,
): void {
  const gap = backgroundMeanUs * exponential(streams, plan.streams.noise + service);
  schedule(events, Math.floor((clock[0] as number) + gap), EventType.noise, service);
}

function weighted(lines: readonly BackgroundLine[], share: number): BackgroundLine {
  let left = share * lines.reduce((sum, line) => sum + line.weight, 0);
  for (const line of lines) {
    left -= line.weight;
    if (left < 0) return line;
  }
  return lines[0] as BackgroundLine;
}
