/** Lines of a simulated world: each holds who it says, in order, and nobody stands in two. */
import { InstanceState } from '../../engine/simulator/instance-table.ts';
import { Origin, Phase } from '../../engine/simulator/requests.ts';
import type { Simulation } from '../../engine/simulator/simulation.ts';
import { rowsOf, type Problems } from './audit-world.ts';

interface Line {
  readonly name: string;
  readonly head: number;
  readonly tail: number;
  readonly length: number;
  readonly next: Int32Array;
  /** null for a line that is left at its head only. */
  readonly previous: Int32Array | null;
}

/** Members of a line, as far as it holds together. */
function walk(problems: Problems, line: Line): number[] {
  const members: number[] = [];
  let before = -1;
  for (let r = line.head; r >= 0 && members.length <= line.length; r = line.next[r] ?? -1) {
    if (line.previous) problems.equal(`${line.name}: before ${r}`, line.previous[r] ?? -2, before);
    members.push(r);
    before = r;
  }
  problems.equal(`${line.name}: length`, members.length, line.length);
  problems.equal(`${line.name}: tail`, line.tail, members.at(-1) ?? -1);
  return members;
}

export function auditLines(problems: Problems, simulation: Simulation): void {
  auditFreeRows(problems, simulation);
  auditQueues(problems, simulation);
  auditPools(problems, simulation);
  auditLocks(problems, simulation);
  auditCursors(problems, simulation);
  auditCaches(problems, simulation);
}

function auditFreeRows(problems: Problems, { world: { requests, messages } }: Simulation): void {
  for (const [name, table] of Object.entries({ requests, messages })) {
    const [used = 0, first = -1] = table.counters;
    const rows = table.next.length;
    const seen = new Set<number>();
    for (let r = first; r >= 0 && !seen.has(r); r = table.next[r] ?? -1) seen.add(r);
    problems.equal(`free ${name}`, seen.size, rows - used);
    if (table === requests) {
      const free = requests.phase.reduce((sum, p) => sum + (p === Phase.free ? 1 : 0), 0);
      problems.equal('free requests by phase', free, seen.size);
      problems.holds(
        'free requests are free',
        [...seen].every((r) => requests.phase[r] === 0),
      );
    }
  }
}

function auditQueues(problems: Problems, simulation: Simulation): void {
  const { plan, world } = simulation;
  const { instances, machines, requests, services } = world;
  const { next, previous } = requests;
  const rows = rowsOf(simulation);
  plan.instanceService.forEach((s, i) => {
    const own = rows.filter((r) => requests.instance[r] === i);
    const inPhase = (phase: number): number[] => own.filter((r) => requests.phase[r] === phase);
    const slots = own.filter((r) => (requests.origin[r] ?? 0) < Origin.startup);
    const queue = walk(problems, {
      name: `queue of instance ${i}`,
      head: instances.head[i] ?? -1,
      tail: instances.tail[i] ?? -1,
      length: instances.queued[i] ?? -1,
      next,
      previous: null,
    });
    const queued = inPhase(Phase.queued);
    problems.equal(`queued at ${i}`, queued.length, queue.length);
    problems.holds(
      `queue of ${i} holds who queues`,
      queue.every((r) => queued.includes(r)),
    );
    problems.equal(`busy at ${i}`, instances.busy[i] ?? -1, slots.length - queued.length);
    problems.holds(`workers of ${i}`, (instances.busy[i] ?? 0) <= (services.workers[s] ?? 0));
    problems.holds(`queue of ${i} has room`, queue.length <= (services.queue[s] ?? 0));
    const idle = (instances.busy[i] ?? 0) < (services.workers[s] ?? 0);
    problems.holds(`nobody queues at ${i} before an idle worker`, !idle || queue.length === 0);

    const cores = plan.cores[s] ?? 0;
    const runnable = inPhase(Phase.runnable);
    const line = walk(problems, {
      name: `line for a core of ${i}`,
      head: machines.runHead[i] ?? -1,
      tail: machines.runTail[i] ?? -1,
      length: runnable.length,
      next,
      previous,
    });
    problems.holds(
      `line for a core of ${i}`,
      line.every((r) => runnable.includes(r)),
    );
    const working = inPhase(Phase.working).filter((r) => requests.origin[r] !== Origin.startup);
    const coresBusy = machines.coresBusy[i] ?? -1;
    problems.equal(`cores busy at ${i}`, coresBusy, cores > 0 ? working.length : 0);
    problems.holds(`cores of ${i}`, coresBusy <= cores);
    problems.holds(`no core of ${i} idles before a line`, line.length === 0 || coresBusy === cores);

    const { state } = instances;
    if (state[i] === InstanceState.up) return;
    const starting = state[i] === InstanceState.starting;
    problems.holds(
      `instance ${i} in state ${state[i]} holds nothing but its start`,
      slots.length === 0 && (starting || own.length === 0),
    );
  });
}

function auditPools(problems: Problems, simulation: Simulation): void {
  const { plan, world } = simulation;
  const { pools, requests } = world;
  const rows = rowsOf(simulation);
  const used = new Int32Array(plan.poolService.length);
  plan.poolPartPool.forEach((pool, part) => {
    const ordinal = part - (plan.poolPartBase[pool] ?? 0);
    const instance = (plan.instanceBase[plan.poolService[pool] ?? 0] ?? 0) + ordinal;
    const leases = rows.filter((r) => requests.lease[r] === part);
    const out = leases.length + (pools.partLeaked[part] ?? 0);
    problems.equal(`leases of part ${part}`, pools.partUsed[part] ?? -1, out);
    const { absent, down } = InstanceState;
    const gone = [absent, down].some((state) => world.instances.state[instance] === state);
    problems.holds(
      `part ${part} of an instance that is gone has no connections`,
      !gone || out === 0,
    );
    used[pool] = (used[pool] ?? 0) + out;
    const waiting = rows.filter(
      (r) =>
        requests.phase[r] === Phase.leasing &&
        requests.instance[r] === instance &&
        (requests.lease[r] ?? 0) < 0 &&
        plan.callPool[requests.call[r] ?? -1] === pool,
    );
    const line = walk(problems, {
      name: `line of pool part ${part}`,
      head: pools.partHead[part] ?? -1,
      tail: pools.partTail[part] ?? -1,
      length: pools.partWaiting[part] ?? -1,
      next: requests.next,
      previous: requests.previous,
    });
    problems.equal(`waiting for part ${part}`, waiting.length, line.length);
    problems.holds(
      `line of part ${part}`,
      line.every((r) => waiting.includes(r)),
    );
    problems.holds(
      `leases of part ${part} are of its instance`,
      leases.every((r) => requests.instance[r] === instance),
    );
    const size = pools.size[pool] ?? 0;
    const full = (pools.partUsed[part] ?? 0) >= size;
    const limited =
      (plan.scenario.services[plan.poolCallee[pool] ?? -1]?.connectionsMax ?? Infinity) < Infinity;
    problems.holds(`nobody waits for part ${part} with room`, line.length === 0 || full || limited);
  });
  used.forEach((out, pool) => problems.equal(`used of pool ${pool}`, pools.used[pool] ?? -1, out));
}

function auditLocks(problems: Problems, simulation: Simulation): void {
  const { plan, world } = simulation;
  const { locks, requests } = world;
  const rows = rowsOf(simulation);
  plan.lockTables.forEach((table, lock) => {
    const line = walk(problems, {
      name: `line for ${table}`,
      head: locks.head[lock] ?? -1,
      tail: locks.tail[lock] ?? -1,
      length: locks.waiting[lock] ?? -1,
      next: requests.next,
      previous: requests.previous,
    });
    const waiting = rows.filter(
      (r) =>
        requests.phase[r] === Phase.locking &&
        plan.endpointLock[requests.endpoint[r] ?? 0] === lock,
    );
    problems.equal(`waiting for ${table}`, waiting.length, line.length);
    problems.holds(
      `line for ${table}`,
      line.every((r) => waiting.includes(r)),
    );
    problems.holds(
      `${table} is free or held`,
      (locks.blocked[lock] ?? -1) > 0 || (locks.blocked[lock] === 0 && line.length === 0),
    );
  });
}

function auditCursors(problems: Problems, simulation: Simulation): void {
  const { plan, world } = simulation;
  const { cursors, messages, requests, services, instances } = world;
  let inLines = 0;
  plan.cursors.forEach(({ service }, c) => {
    const line = walk(problems, {
      name: `line of cursor ${c}`,
      head: cursors.head[c] ?? -1,
      tail: cursors.tail[c] ?? -1,
      length: cursors.length[c] ?? -1,
      next: messages.next,
      previous: null,
    });
    inLines += line.length;
    const r = cursors.handling[c] ?? -1;
    if (r >= 0) {
      problems.equal(`cursor of ${r}, which handles a message`, requests.cursor[r] ?? -2, c);
      problems.holds(`${r}, which handles a message, lives`, requests.phase[r] !== Phase.free);
      problems.equal(`timer of cursor ${c} while it is handled`, cursors.timer[c] ?? -1, 0);
    }
    const from = plan.instanceBase[service] ?? 0;
    const to = plan.instanceBase[service + 1] ?? 0;
    const somebody = instances.state.subarray(from, to).includes(InstanceState.up);
    const moves = r >= 0 || cursors.timer[c] !== 0 || services.paused[service] === 1 || !somebody;
    problems.holds(`line of cursor ${c} moves`, line.length === 0 || moves);
  });
  problems.equal('messages', messages.counters[0] ?? -1, inLines);
  for (const r of rowsOf(simulation)) {
    const c = requests.cursor[r] ?? -1;
    if (c >= 0) problems.equal(`request that cursor ${c} handles`, cursors.handling[c] ?? -2, r);
  }
}

function auditCaches(problems: Problems, simulation: Simulation): void {
  const { world } = simulation;
  const { caches, requests } = world;
  const standing = new Set<number>();
  caches.filler.forEach((r, entry) => {
    let before = -1;
    for (let w = caches.waiters[entry] ?? -1; w >= 0; w = requests.next[w] ?? -1) {
      problems.holds(`${w} waits once`, !standing.has(w));
      if (standing.has(w)) break;
      standing.add(w);
      problems.equal(`entry of ${w}, which waits for it`, requests.cacheEntry[w] ?? -2, entry);
      problems.equal(`before ${w}`, requests.previous[w] ?? -2, before);
      before = w;
    }
    if (r < 0) return problems.equal(`waiters of ${entry}`, caches.waiters[entry] ?? -2, -1);
    problems.holds(`${r}, which fills ${entry}, lives`, requests.phase[r] !== Phase.free);
    problems.equal(`entry of ${r}, which fills it`, requests.cacheEntry[r] ?? -2, entry);
  });
  for (const r of rowsOf(simulation)) {
    if (requests.phase[r] !== Phase.coalescing) continue;
    const stands = standing.has(r);
    problems.holds(`${r} stands in line or is called`, stands === (requests.timer[r] === 0));
  }
}
