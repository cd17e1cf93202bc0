/**
 * What a service writes whether or not anybody asks it: housekeeping from the dialect's list, and what its
 * runtime, its group or its host report of their own accord, which is true.
 */
import { exponential, nextBits, uniform } from '../../replay/random.ts';
import { EventType, schedule } from '../events.ts';
import { InstanceState } from '../instance-table.ts';
import { clockOffset, collectorShare, diskUsed, liveBytes } from '../machines.ts';
import type { Plan } from '../plan.ts';
import { lagUs } from '../replicas.ts';
import type { World } from '../world.ts';
import {
  backgroundLines,
  backgroundMeanUs,
  fillSlots,
  type BackgroundLine,
} from './dialects/index.ts';
import type { LogWriter } from './log-writer.ts';
import type { Names } from './names.ts';

/** Schedules the next line of background of a service. */
export function scheduleNoise(
  plan: Plan,
  { clock, events, streams }: World,
  service: number,
): void {
  const gap = backgroundMeanUs * exponential(streams, plan.streams.noise + service);
  schedule(events, Math.floor((clock[0] as number) + gap), EventType.noise, service);
}

export function makeNoise(
  plan: Plan,
  names: Names,
  log: LogWriter,
): (world: World, service: number) => void {
  return (world, service) => {
    const stream = plan.streams.noise + service;
    const share = uniform(world.streams, stream);
    const bits = nextBits(world.streams, stream) >>> 0;
    const first = plan.instanceBase[service] as number;
    const instance = first + (bits % (plan.scenario.services[service]?.instances ?? 1));
    scheduleNoise(plan, world, service);
    if (world.instances.state[instance] !== InstanceState.up) return;
    // One line in three tells of the machine, where there is something to tell.
    if (share < 1 / 3 && report({ plan, names, log }, world, service, instance, bits)) return;
    const { memory } = plan.scenario.services[service] ?? {};
    const wrong = clockOffset(world, instance) !== 0;
    const lines = backgroundLines[log.runtimeOf(service)].filter(
      ({ about }) => !(about === 'memory' && memory) && !(about === 'clock' && wrong),
    );
    const line = weighted(lines, share < 1 / 3 ? share * 3 : (share - 1 / 3) * 1.5);
    if (!line) return;
    log.write(world, {
      ...line,
      message: fillSlots(line.message, bits),
      ...(line.stack === undefined ? {} : { stack: fillSlots(line.stack, bits) }),
      instance,
      traceId: '',
      flavour: instance,
    });
  };
}

/** From here on it is worth a line: share of a disk, µs behind, messages behind, ms off. */
const diskTold = 0.85;
const lagToldUs = 1_000_000;
const messagesTold = 100;
const clockToldMs = 500;
/** Share of time from which a collection counts as long. */
const longCollection = 0.15;

/** Whether there was something to tell. */
function report(
  { plan, names, log }: { readonly plan: Plan; readonly names: Names; readonly log: LogWriter },
  world: World,
  service: number,
  instance: number,
  bits: number,
): boolean {
  const simulation = { plan, world };
  const model = plan.scenario.services[service];
  const offsetMs = Math.round(clockOffset(world, instance) / 1000);
  if (Math.abs(offsetMs) > clockToldMs) {
    log.event(world, { instance, kind: 'clock-step', params: { offsetMs } });
    return true;
  }
  if (model?.disk) {
    const usedShare = diskUsed(simulation, instance) / model.disk.sizeBytes;
    if (usedShare > diskTold) {
      log.event(world, { instance, kind: 'disk-pressure', params: { usedShare } });
      return true;
    }
  }
  const lag = lagUs(simulation, service);
  const copied = model?.replicaOf ?? null;
  if (lag > lagToldUs && copied !== null) {
    const primary = names.service(copied);
    log.event(world, { instance, kind: 'replica-lag', params: { lagMs: lag / 1000, primary } });
    return true;
  }
  const behind = longestLine(plan, world, service);
  if (behind) {
    log.event(world, { instance, kind: 'consumer-lag', params: behind });
    return true;
  }
  if (!model?.memory?.collected) return false;
  collection({ plan, log }, world, { service, instance, bits });
  return true;
}

function longestLine(plan: Plan, { cursors }: World, service: number) {
  let longest = -1;
  plan.cursors.forEach((place, c) => {
    const length = cursors.length[c] as number;
    if (place.service !== service || length < messagesTold) return;
    if (longest < 0 || length > (cursors.length[longest] as number)) longest = c;
  });
  const place = plan.cursors[longest];
  if (!place) return null;
  return {
    group: plan.scenario.services[service]?.name ?? '',
    topic: plan.endpoints[place.topic]?.name ?? '',
    partition: place.partition,
    lag: cursors.length[longest] as number,
  };
}

/** A collection: it frees what is not live, and takes as long as its share of time says. */
function collection(
  { plan, log }: { readonly plan: Plan; readonly log: LogWriter },
  world: World,
  at: { readonly service: number; readonly instance: number; readonly bits: number },
): void {
  const { service, instance, bits } = at;
  const totalBytes = plan.scenario.services[service]?.memory?.limitBytes ?? 0;
  const live = Math.min(liveBytes({ plan, world }, service, instance), totalBytes);
  const share = collectorShare({ plan, world }, service, instance);
  const spread = 0.5 + (bits % 1000) / 1000;
  log.event(world, {
    instance,
    kind: share > longCollection ? 'long-gc' : 'gc-pause',
    params: {
      number: Math.floor((world.clock[0] as number) / 2_000_000) + (instance % 7),
      beforeBytes: live + (totalBytes - live) * 0.9,
      afterBytes: live,
      totalBytes,
      pauseMs: (4 + 1_500 * share) * spread,
    },
  });
}

function weighted(lines: readonly BackgroundLine[], share: number): BackgroundLine | undefined {
  let left = share * lines.reduce((sum, line) => sum + line.weight, 0);
  for (const line of lines) {
    left -= line.weight;
    if (left < 0) return line;
  }
  return lines[0];
}
