/** What a database tells of locks that are waited for. */
import { lockToldUs } from '../locks.ts';
import type { Plan } from '../plan.ts';
import type { World } from '../world.ts';
import { mayWrite, Template } from './limiter.ts';
import type { LogWriter } from './log-writer.ts';
import type { TraceIds } from './trace.ts';

/** The first request in line, each time that another one joins. */
export function lockWait(
  { plan, ids, log }: { readonly plan: Plan; readonly ids: TraceIds; readonly log: LogWriter },
  world: World,
  lock: number,
): void {
  const { requests, locks, clock } = world;
  const first = locks.head[lock] as number;
  const waited = (clock[0] as number) - (requests.startedAt[first] as number);
  const instance = requests.instance[first] as number;
  if (waited < lockToldUs || !mayWrite(world, instance, Template.lock)) return;
  const endpoint = plan.endpoints[requests.endpoint[first] as number];
  log.event(world, {
    instance,
    kind: 'lock-wait',
    params: {
      table: plan.lockTables[lock] ?? '',
      mode: endpoint?.writes ? 'RowExclusiveLock' : 'AccessShareLock',
      waitedMs: waited / 1000,
      waiting: locks.waiting[lock] as number,
      statement: endpoint?.name ?? '',
    },
    traceId: ids.traceId(requests.traffic[first] as number, requests.number[first] as number),
  });
}

/** The statement that all others stand behind, once, as PostgreSQL does. */
export function lockWanted(
  { plan, log }: { readonly plan: Plan; readonly log: LogWriter },
  world: World,
  index: number,
): void {
  const fault = plan.scenario.faults[index];
  if (fault?.kind !== 'lock-queue') return;
  const { service, table, statement } = fault;
  const lock = plan.lockTables.findIndex(
    (name, l) => name === table && plan.lockService[l] === service,
  );
  log.event(world, {
    instance: plan.instanceBase[service] as number,
    kind: 'lock-wait',
    params: {
      table,
      mode: 'AccessExclusiveLock',
      waitedMs: lockToldUs / 1000,
      waiting: (world.locks.waiting[lock] ?? 0) + 1,
      statement,
    },
  });
}
