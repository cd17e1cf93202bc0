/**
 * Burn rate of error budgets over several pairs of windows: the long window says that the spending
 * matters, the short one that it still goes on (Site Reliability Workbook, chapter 5, approach 6).
 */
import { defineDetector, type InitContext, type Objective } from 'incident-workbench/sdk';
import {
  addRequests,
  burnOf,
  openWindows,
  shortSpanUs,
  type Burn,
  type BurnWindow,
} from './burn.ts';
import { badShare, measureOf, type Measure } from './measure.ts';

interface Goal {
  readonly endpoint: string | null;
  readonly name: string;
  /** Share of requests that may be bad. */
  readonly budget: number;
  readonly periodUs: number;
  readonly latencyUs: number | null;
  readonly windows: BurnWindow[];
  /** The most that it may say. */
  readonly scoreMax: number;
  /** First scrape, µs; -1 before it. */
  since: number;
  /** The scrape that is not counted yet: its time, -1 where there is none, and what its points prove. */
  at: number;
  failed: number | null;
  slow: number;
  requests: number | null;
  /** The last scrape that was counted, and how far apart they are, µs. */
  heardAt: number;
  cadenceUs: number;
  /** What it last said, until a later scrape says otherwise. */
  burning: (Omit<Burn, 'window'> & { readonly score: number; readonly shortUs: number }) | null;
}

interface State {
  readonly goals: Goal[];
  /** By series: what its points measure. */
  readonly measures: Record<string, Measure | null>;
}

const secondUs = 1_000_000;
const dayUs = 86_400 * secondUs;
const monthUs = 30 * dayUs;
/** What goes on is said again this often, however rare the points are. */
const repeatUs = 10 * secondUs;
const weightMax = 1e12;

export default defineDetector({
  apiVersion: 1,
  id: 'slo-burn',
  summary:
    'Fires while users lose error budget of an objective so fast that it matters, and still do.',
  per: 'service',
  options: {
    objective: {
      type: 'number',
      default: 0.999,
      minimum: 0.5,
      maximum: 0.99999,
      description:
        'Share of requests that has to succeed in a month, for entry services without an objective of their own.',
    },
    failures: {
      type: 'integer',
      default: 10,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Bad requests in the long window below which it never fires, where measured.',
    },
  },
  messages: {
    burn: 'Users of {service} lose the error budget of {objective} at {burn} times the rate that lasts {period}; at {short} times in the last {span}.',
  },
  init({ objectives, subject, topology, config }): State | null {
    const goals = goalsOf({ objectives, subject, topology, config });
    return goals.length === 0 ? null : { goals, measures: {} };
  },
  on: {
    metric(state, point, { config }) {
      const { id, cadenceUs } = point.series;
      const known = state.measures[id];
      // Most series of a service measure nothing of what its users got: that is found out once.
      const measure = known === undefined ? measureOf(point.series) : known;
      if (known === undefined) state.measures[id] = measure;
      if (measure === null) return;
      for (const goal of state.goals) {
        if (goal.endpoint !== measure.endpoint) continue;
        const share = badShare(measure, point, goal.latencyUs);
        if (share === null) continue;
        if (point.t > goal.at) settle(goal, config.failures);
        goal.at = point.t;
        if (measure.kind === 'quantile') goal.slow = Math.max(goal.slow, share);
        else {
          goal.failed = share;
          goal.cadenceUs = cadenceUs;
          goal.requests = point.requests;
        }
      }
    },
    // The points of one scrape come at one moment, in any order: counted when all are there.
    tick({ goals }, { config, now, report }) {
      let score = 0;
      for (const goal of goals) {
        if (goal.at >= 0 && goal.at < now) settle(goal, config.failures);
        const { burning } = goal;
        // What is no longer measured is no longer known.
        const heldUs = Math.max(burning?.shortUs ?? 0, 2.5 * goal.cadenceUs);
        if (burning === null || now - goal.heardAt > heldUs) continue;
        score = Math.max(score, burning.score);
        if (now % repeatUs !== 0) continue;
        report({
          message: 'burn',
          values: {
            objective: goal.name,
            burn: Number(burning.long.toFixed(1)),
            short: Number(burning.short.toFixed(1)),
            period: lengthText(goal.periodUs),
            span: lengthText(burning.shortUs),
          },
          score: burning.score,
          severity: burning.score > 0.8 ? 'critical' : 'warning',
        });
      }
      return score;
    },
  },
});

/** The service's own objectives; where it has none, the option's, of what users call. */
function goalsOf({
  objectives,
  subject,
  topology,
  config,
}: Pick<
  InitContext<{ readonly objective: number }>,
  'objectives' | 'subject' | 'topology' | 'config'
>): Goal[] {
  if (objectives.length > 0) return objectives.map(goalOf);
  if (topology.entries.length > 0 && !topology.entries.includes(subject.service)) return [];
  const target = config.objective;
  const name = `${Number((100 * target).toFixed(3))} % of requests`;
  const promised = { service: subject.service, endpoint: null, name, target };
  const guessed = goalOf({ ...promised, windowUs: monthUs, latencyUs: null });
  // Nobody promised it: it pages by the fastest rule alone, joins incidents and opens none. Slower ones
  // go on for hours, and would keep an incident open until the next outage is part of it.
  return [{ ...guessed, windows: guessed.windows.slice(0, 1), scoreMax: 0.49 }];
}

function goalOf({ endpoint, name, target, windowUs, latencyUs }: Objective): Goal {
  return {
    ...{ endpoint, name, latencyUs },
    // All of them good leaves nothing to spend: then a single bad one is far too fast.
    budget: Math.max(1e-9, 1 - target),
    periodUs: windowUs,
    windows: openWindows(windowUs),
    scoreMax: 1,
    since: -1,
    ...{ at: -1, failed: null, slow: 0, requests: null },
    ...{ heardAt: -1, cadenceUs: 0, burning: null },
  };
}

/** Counts the scrape that has come in, and judges. */
function settle(goal: Goal, failures: number): void {
  const { at, failed, slow, requests, budget } = goal;
  goal.at = -1;
  if (at < 0) return;
  goal.slow = 0;
  goal.failed = null;
  goal.requests = null;
  // Without a count of failures nothing says how many requests there were, or whether any.
  if (failed === null) return;
  if (goal.since < 0) goal.since = at;
  goal.heardAt = at;
  const bad = failed + (1 - failed) * slow;
  // Bounded, or one absurd rate would make the sums infinite.
  const weight = Math.min(weightMax, Math.max(0, requests ?? 1));
  for (const window of goal.windows) addRequests(window, at, bad * weight, weight);
  const limits = {
    budget,
    seenUs: at - goal.since,
    failuresMin: requests === null ? 0 : failures,
  };
  const [worst] = goal.windows.flatMap((window) => burnOf(window, limits) ?? []);
  goal.burning =
    worst === undefined
      ? null
      : {
          long: worst.long,
          short: worst.short,
          score: Math.min(goal.scoreMax, worst.window.score),
          shortUs: shortSpanUs(worst.window),
        };
}

function lengthText(us: number): string {
  const seconds = us / secondUs;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3600)} h`
    : `${Math.round(seconds / 86_400)} d`;
}
