/**
 * What must hold in a simulated world between any two events: lines hold together and are as long as they
 * say, sums are sums, whoever waits waits for exactly one thing, and that thing will come.
 */
import { EventType, eventTarget, typeMask } from '../../engine/simulator/events.ts';
import { InstanceState } from '../../engine/simulator/instance-table.ts';
import { Origin, Phase } from '../../engine/simulator/requests.ts';
import type { Simulation } from '../../engine/simulator/simulation.ts';
import { auditCounts } from './audit-counts.ts';
import { auditLines } from './audit-lines.ts';

/** Collects what is wrong. */
export class Problems {
  readonly found: string[] = [];
  equal(what: string, is: number, shouldBe: number): void {
    if (is !== shouldBe) this.found.push(`${what} is ${is}, not ${shouldBe}`);
  }
  holds(what: string, holds: boolean): void {
    if (!holds) this.found.push(what);
  }
}

/** Rows of requests that are in use. */
export function rowsOf({ world: { requests } }: Simulation): number[] {
  return [...requests.phase.keys()].filter((r) => requests.phase[r] !== Phase.free);
}

/** @returns a line for each thing that does not hold */
export function auditWorld(simulation: Simulation): string[] {
  const problems = new Problems();
  auditNumbers(problems, simulation);
  auditEvents(problems, simulation);
  auditWaits(problems, simulation);
  auditLines(problems, simulation);
  auditCounts(problems, simulation);
  return problems.found;
}

function auditNumbers(problems: Problems, { world }: Simulation): void {
  const { telemetry: _, ...tables } = world;
  for (const [table, columns] of Object.entries(tables)) {
    for (const [name, column] of Object.entries(columns)) {
      if (!(column instanceof Float64Array)) continue;
      problems.holds(`${table}.${name} has no NaN`, !column.some(Number.isNaN));
    }
  }
}

/** Sequence of every event that is to come, by what it is about. */
function eventsOf({
  world: { events },
}: Simulation): Map<number, { type: number; target: number }> {
  const found = new Map<number, { type: number; target: number }>();
  for (let i = 0; i < (events.counters[0] ?? 0); i++) {
    const action = events.action[i] ?? 0;
    found.set(events.sequence[i] ?? 0, { type: action & typeMask, target: eventTarget(action) });
  }
  return found;
}

function auditEvents(problems: Problems, { world }: Simulation): void {
  const { events, clock } = world;
  for (let i = 0; i < (events.counters[0] ?? 0); i++) {
    const at = events.time[i] ?? 0;
    problems.holds(`event at ${at} comes after ${clock[0]}`, at >= (clock[0] ?? 0));
    problems.holds(`event at ${at} is at a whole µs`, at === Infinity || Number.isInteger(at));
  }
}

/** Events that each phase may wait for; where there are none it stands in a line, or waits for requests. */
const timersOf: Readonly<Record<number, readonly number[]>> = {
  [Phase.queued]: [],
  [Phase.working]: [EventType.workDone],
  [Phase.leasing]: [EventType.poolTimeout, EventType.leaseGranted],
  [Phase.calling]: [EventType.callTimeout],
  [Phase.pausing]: [EventType.retry],
  [Phase.runnable]: [],
  [Phase.locking]: [EventType.lockTimeout],
  [Phase.granted]: [EventType.lockGranted],
  [Phase.travelling]: [EventType.delivery, EventType.undelivered],
  [Phase.gathering]: [],
  [Phase.coalescing]: [EventType.coalesced, EventType.uncoalesced],
};
/** Phases that may do without: what they wait for comes by itself. */
const timeless: readonly number[] = [
  Phase.queued,
  Phase.calling,
  Phase.runnable,
  Phase.locking,
  Phase.gathering,
  Phase.coalescing,
];

function auditWaits(problems: Problems, simulation: Simulation): void {
  const { plan, world } = simulation;
  const { requests, instances, cursors, traffic } = world;
  const events = eventsOf(simulation);
  const comes = (what: string, timer: number, types: readonly number[], target: number): void => {
    const event = events.get(timer);
    const there = event !== undefined && event.target === target && types.includes(event.type);
    problems.holds(`${what} waits for an event that comes`, there);
  };
  const rows = rowsOf(simulation);
  for (const r of rows) {
    const phase = requests.phase[r] ?? 0;
    const timer = requests.timer[r] ?? 0;
    const what = `request ${r} in phase ${phase}`;
    if (timer !== 0) comes(what, timer, timersOf[phase] ?? [], r);
    else problems.holds(`${what} has a timer`, timeless.includes(phase));
    if (requests.patience[r] !== 0) {
      comes(`user of ${what}`, requests.patience[r] ?? 0, [EventType.patience], r);
      problems.equal(`origin of ${what} with a user`, requests.origin[r] ?? -1, Origin.user);
    }
    auditFamily(problems, simulation, r);
  }
  instances.timer.forEach((timer, i) => {
    const starting = instances.state[i] === InstanceState.starting;
    if (timer !== 0 && starting) comes(`instance ${i}`, timer, [EventType.instanceUp], i);
    problems.holds(`instance ${i} has a timer only while it starts`, timer === 0 || starting);
    if (!starting || timer !== 0) return;
    const asks = rows.some(
      (r) => requests.instance[r] === i && requests.origin[r] === Origin.startup,
    );
    problems.holds(`instance ${i}, which starts, waits for something`, asks);
  });
  cursors.timer.forEach((timer, c) => {
    if (timer !== 0) comes(`cursor ${c}`, timer, [EventType.redelivery], c);
  });
  traffic.timer.forEach((timer, k) => {
    if (timer !== 0) comes(`traffic ${k}`, timer, [EventType.arrival], k);
  });
  plan.scenario.faults.forEach((_, f) => {
    const timer = world.faults.timer[f] ?? 0;
    if (timer !== 0) comes(`fault ${f}`, timer, [EventType.faultPulse], f);
  });
}

/** Whoever waits for a request is waited for by it. */
function auditFamily(problems: Problems, { plan, world }: Simulation, r: number): void {
  const { requests } = world;
  const phase = requests.phase[r] ?? 0;
  const child = requests.child[r] ?? -1;
  const parent = requests.parent[r] ?? -1;
  const branch = requests.origin[r] === Origin.branch;
  if (phase === Phase.calling) {
    problems.holds(`request ${r} calls somebody`, child >= 0);
    problems.equal(`parent of ${child}, called by ${r}`, requests.parent[child] ?? -2, r);
    problems.holds(`${child}, called by ${r}, lives`, requests.phase[child] !== Phase.free);
    const call = requests.call[r] ?? -1;
    const callee = plan.endpointService[requests.endpoint[child] ?? -1];
    const wanted =
      requests.lookup[r] === 1
        ? plan.caches[plan.callCache[call] ?? -1]?.store?.service
        : plan.calls[call]?.service;
    problems.equal(`service of ${child}, called by ${r}`, callee ?? -1, wanted ?? -2);
  } else {
    problems.equal(`child of ${r}, which calls nobody`, child, -1);
  }
  if (parent >= 0) {
    const expected = branch ? Phase.gathering : Phase.calling;
    problems.equal(`phase of ${parent}, parent of ${r}`, requests.phase[parent] ?? -1, expected);
    if (!branch) problems.equal(`child of ${parent}`, requests.child[parent] ?? -2, r);
  }
  problems.holds(`branch ${r} has a parent`, !branch || parent >= 0);
  if (phase === Phase.gathering) {
    let branches = 0;
    requests.parent.forEach((p, b) => {
      if (p === r && requests.phase[b] !== Phase.free) branches++;
    });
    problems.equal(`branches of ${r}`, branches, requests.pending[r] ?? -1);
    problems.holds(`request ${r} waits for branches`, branches > 0);
  }
}
