/** What stores and queues know: lag, locks, connections, replication. */
import type { Plan } from '../../plan.ts';
import { lagUs } from '../../replicas.ts';
import { gained, seriesOfService, type Meter, type Reading } from './meter.ts';

/** One partition of a topic, as its consumer group is behind. */
export function cursorMeter(plan: Plan, c: number): Meter {
  const place = plan.cursors[c];
  const { services } = plan.scenario;
  const topic = place?.topic ?? 0;
  const attributes = {
    'messaging.destination.name': plan.endpoints[topic]?.name ?? '',
    'messaging.destination.partition.id': String(place?.partition ?? 0),
    'messaging.consumer.group.name': services[place?.service ?? 0]?.name ?? '',
  };
  return {
    series: seriesOfService(plan, plan.endpointService[topic] as number, [
      { name: 'messaging.consumer.lag', unit: '{message}', attributes },
      { name: 'messaging.client.consumed.rate', unit: '{message}/s', attributes },
      { name: 'messaging.client.failed.rate', unit: '{message}/s', attributes },
    ]),
    read({ world, telemetry, intervalUs }, put) {
      const { cursors } = world;
      put(0, cursors.length[c] as number);
      put(1, (gained(cursors.handled, telemetry.before.handled, c) * 1e6) / intervalUs);
      put(2, (gained(cursors.failed, telemetry.before.failed, c) * 1e6) / intervalUs);
    },
  };
}

export function lockMeter(plan: Plan, lock: number): Meter {
  const attributes = { 'db.collection.name': plan.lockTables[lock] ?? '' };
  return {
    series: seriesOfService(plan, plan.lockService[lock] as number, [
      { name: 'db.server.locks.waiting', unit: '{request}', attributes },
    ]),
    read({ world }, put) {
      put(0, world.locks.waiting[lock] as number);
    },
  };
}

/** Connections that others have open to a database, and how far a copy is behind. */
export function databaseMeter(plan: Plan, s: number): Meter | null {
  const pools = [...plan.poolCallee.keys()].filter((p) => plan.poolCallee[p] === s);
  const isReplica = (plan.scenario.services[s]?.replicaOf ?? null) !== null;
  if (pools.length === 0 && !isReplica) return null;
  return {
    series: seriesOfService(plan, s, [
      ...(pools.length > 0 ? [{ name: 'db.server.connections', unit: '{connection}' }] : []),
      ...(isReplica ? [{ name: 'db.replication.lag', unit: 's' }] : []),
    ]),
    read({ world }, put) {
      let k = 0;
      if (pools.length > 0) {
        put(
          k++,
          pools.reduce((sum, p) => sum + (world.pools.used[p] as number), 0),
        );
      }
      if (isReplica) put(k, lagUs({ plan, world }, s) / 1e6);
    },
  };
}

/** Of what a copy applies in a second of work, bytes: more than that and it falls behind. */
const walBytesPerSecond = 40 * 1024 * 1024;

/** What a database with copies writes for them: by its requests, and by what works beside them. */
export function walMeter(plan: Plan, s: number): Meter | null {
  const [replica] = plan.replicas[s] ?? [];
  if (replica === undefined) return null;
  const { applyUs = 0 } = plan.scenario.services[replica] ?? {};
  return {
    series: seriesOfService(plan, s, [{ name: 'db.server.wal.rate', unit: 'By/s' }]),
    read(reading, put) {
      const work = (writesOf(reading, s) * applyUs) / reading.intervalUs;
      put(0, (work + besideRequests(reading, s)) * walBytesPerSecond);
    },
  };
}

/** Writes of the interval that succeeded. */
function writesOf({ plan, tallies }: Reading, s: number): number {
  let writes = 0;
  const end = plan.endpointBase[s + 1] as number;
  for (let e = plan.endpointBase[s] as number; e < end; e++) {
    if (plan.endpoints[e]?.writes !== true) continue;
    writes += (tallies.endpointAnswered[e] as number) - (tallies.endpointErrors[e] as number);
  }
  return writes;
}

/** Seconds of work for a copy, each second, that no request accounts for. */
function besideRequests({ plan, world }: Reading, s: number): number {
  return plan.scenario.faults.reduce((sum, fault, f) => {
    if (fault.kind !== 'write-burst' || fault.service !== s) return sum;
    const acts = world.faults.active[f] === 1 && world.faults.pulsing[f] === 1;
    return acts ? sum + fault.workUsPerSecond / 1e6 : sum;
  }, 0);
}

/** What a probe from outside saw of its endpoint. */
export function probeMeter(plan: Plan, entry: number): Meter {
  const traffic = plan.scenario.traffic[entry];
  const endpoint = plan.endpoints[plan.trafficEndpoint[entry] as number]?.name ?? '';
  const attributes = { 'probe.target': endpoint };
  return {
    series: seriesOfService(plan, traffic?.service ?? 0, [
      { name: 'probe.success', unit: '1', attributes },
      { name: 'probe.duration', unit: 's', attributes },
    ]),
    read({ tallies }, put) {
      const done = tallies.probeDone[entry] as number;
      if (done === 0) return;
      put(0, (tallies.probeOk[entry] as number) / done);
      put(1, (tallies.probeUs[entry] as number) / done / 1e6);
    },
  };
}
