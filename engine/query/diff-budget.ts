/** What an outage took from error budgets, in one run and in the other. */
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import { bucketUs } from '../store/schema.ts';
import type { DiffSpan } from './diff-span.ts';
import type { DiffedBudget, DiffedObjective } from './diff-types.ts';
import { entryServices } from './kpis.ts';
import { minutesOf, spentByHealth } from './lost-budget.ts';
import type { RunReader } from './reader.ts';

/** From what users got where both runs have counted it, else from error ratios. */
export function diffBudget(a: RunReader, b: RunReader, span: DiffSpan): DiffedBudget {
  // A bucket that one run left in the middle is another share than the same one whole.
  const until = span.whole ? span.untilUs : Math.floor(span.untilUs / bucketUs) * bucketUs;
  return countedUsers(a) && countedUsers(b)
    ? { source: 'users', objectives: ofUsers(a, b, until) }
    : { source: 'health', objectives: ofHealth(a, b, until) };
}

const minuteUs = 60_000_000;

interface ObjectiveRow {
  readonly objective: number;
  readonly name: string;
  readonly service: string;
  readonly endpoint: string | null;
  readonly target: number;
  readonly period: Micros;
}

function countedUsers(run: RunReader): boolean {
  return run.row('SELECT 1 FROM truth_sli LIMIT 1') !== undefined;
}

function ofUsers(a: RunReader, b: RunReader, until: Micros): DiffedObjective[] {
  const [rowsA, rowsB] = [objectivesOf(a), objectivesOf(b)];
  return [...new Map([...rowsA, ...rowsB])].map(([key, row]) => {
    const spent = (run: RunReader, own: ObjectiveRow | undefined): number | null =>
      own ? spentByUsers(run, own.objective, until) : null;
    const { name, service, endpoint, target, period } = row;
    const minutes = ((1 - target) * period) / minuteUs;
    const both = { a: spent(a, rowsA.get(key)), b: spent(b, rowsB.get(key)) };
    return withSaving({ name, service, endpoint, minutes, ...both });
  });
}

/** By what makes them the same in both runs: another scenario may number them otherwise. */
function objectivesOf(run: RunReader): ReadonlyMap<string, ObjectiveRow> {
  const rows = run.rows<ObjectiveRow>(
    `SELECT objective, name, service, endpoint, target, period FROM truth_objective
     ORDER BY objective LIMIT ?`,
    limits.scenarioItemsMax,
  );
  return new Map(rows.map((row) => [[row.service, row.endpoint, row.name].join('\0'), row]));
}

function spentByUsers(run: RunReader, objective: number, until: Micros): number | null {
  const shares = run.tuples<[bucket: number, share: number]>(
    `SELECT bucket, bad / total FROM truth_sli
     WHERE objective = ? AND total > 0 AND bucket * ${bucketUs} < ? ORDER BY bucket`,
    objective,
    until,
  );
  return minutesOf(shares, until);
}

function ofHealth(a: RunReader, b: RunReader, until: Micros): DiffedObjective[] {
  const names = [a, b].flatMap((run) => entryServices(run).map((id) => run.serviceName(id)));
  return [...new Set(names)].map((service) => {
    const facts = { name: 'answers without error', service, endpoint: null, minutes: null };
    const both = { a: spentByHealth(a, service, until), b: spentByHealth(b, service, until) };
    return withSaving({ ...facts, ...both });
  });
}

function withSaving(objective: Omit<DiffedObjective, 'saved'>): DiffedObjective {
  const { a, b } = objective;
  return { ...objective, saved: a === null || b === null ? null : a - b };
}
