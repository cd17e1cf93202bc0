/**
 * What a simulated outage did, measured: the same simulation without its faults runs beside it, with the
 * same random streams, and what differs is what the faults did.
 */
import { Kind } from '../replay/batch.ts';
import type { ActionInput, SimulatedScenario } from '../scenario/model.ts';
import { severityNumbers, type Micros } from '../sdk/index.ts';
import { outcomeOf, spare, type Outcome } from './outcome.ts';
import { endPeriods, openSimulation, runTo, type SimulationRun } from './run.ts';
import { seriesOf } from './telemetry/metrics/index.ts';

export interface MeasuredTruth {
  /** Per service: when it did worse than it would have. */
  readonly impacts: readonly {
    readonly service: number;
    readonly from: Micros;
    readonly to: Micros;
  }[];
  /** First moment at which telemetry tells of the fault; null where it never does. */
  readonly firstObservable: Micros | null;
  readonly firstUserImpact: Micros | null;
  readonly outcome: Outcome;
}

/** Stretches of trouble that are less than so far apart are one, µs. */
const gapUs = 60_000_000;
/** A share is worse where it is by this much, and by three standard errors. */
const shareWorse = 0.02;
/** A mean time is worse from this factor on. */
const timeWorse = 1.5;
const requestsMin = 5;

export function measureTruth(
  scenario: SimulatedScenario,
  options: { readonly seed: number; readonly inputs: readonly ActionInput[] },
): MeasuredTruth {
  const open = (version: SimulatedScenario): SimulationRun =>
    openSimulation(version, { ...options, telemetry: 'metrics', sli: true });
  const faulty = open(scenario);
  const healthy = open(spare(scenario, 'all'));
  const firstObservable = watchTelemetry(scenario, faulty, healthy);
  const outcome = outcomeOf(faulty);
  const usual = outcomeOf(healthy);
  return {
    impacts: outcome.services.flatMap((_, service) =>
      impactsOf(outcome, usual, service).map((window) => ({ service, ...window })),
    ),
    firstObservable,
    firstUserImpact: firstUserImpact(scenario, outcome, usual),
    outcome,
  };
}

/** Runs both to the end, side by side, and looks at what each told in every interval. */
function watchTelemetry(
  scenario: SimulatedScenario,
  faulty: SimulationRun,
  healthy: SimulationRun,
): Micros | null {
  const began = Math.min(...scenario.faults.map(({ at }) => at));
  const stepUs = Math.min(scenario.telemetry.metricIntervalUs, 10_000_000);
  const watch = makeWatch(seriesOf(faulty.simulation.plan).length, scenario.services.length);
  let first: Micros | null = null;
  for (let t = 0; t < scenario.durationUs;) {
    t = Math.min(t + stepUs, scenario.durationUs);
    for (const run of [faulty, healthy]) {
      runTo(run, t);
      if (t === scenario.durationUs) endPeriods(run);
    }
    const told = take(faulty);
    const usual = take(healthy);
    if (first === null) first = watch(told, usual, { t, began });
  }
  return first;
}

/** Points by series and problem lines by service, of one stretch. */
interface Told {
  readonly points: ReadonlyMap<number, { readonly t: Micros; readonly value: number }>;
  readonly problems: ReadonlyMap<number, { readonly count: number; readonly t: Micros }>;
}

function take({ simulation: { world } }: SimulationRun): Told {
  const pending = world.telemetry?.pending ?? [];
  const points = new Map<number, { t: Micros; value: number }>();
  const problems = new Map<number, { count: number; t: Micros }>();
  for (const { kind, t, subject, severity, value } of pending) {
    if (kind === Kind.metric) points.set(subject, { t, value });
    if (kind !== Kind.log || severity < severityNumbers.warn) continue;
    const known = problems.get(subject);
    problems.set(subject, { count: (known?.count ?? 0) + 1, t: known?.t ?? t });
  }
  pending.length = 0;
  return { points, problems };
}

/** Lines of trouble in one stretch beyond the usual that cannot be missed. */
const linesMore = 5;
/** Standard deviations, and share of the usual value, that a point must be away from it, twice in a row. */
const sigmas = 6;
const shareAway = 0.1;

/** Remembers how each series varies, and says when one first leaves that for good reason. */
function makeWatch(series: number, services: number) {
  const mean = new Float64Array(series);
  const squares = new Float64Array(series);
  const count = new Int32Array(series);
  const since = new Float64Array(series).fill(-1);
  return (
    told: Told,
    usual: Told,
    { t, began }: { readonly t: Micros; readonly began: Micros },
  ): Micros | null => {
    const seen: Micros[] = [];
    for (const [s, point] of told.points) {
      const expected = usual.points.get(s);
      if (expected) learn(s, expected.value);
      if (t <= began || !expected) continue;
      const n = Math.max(1, (count[s] as number) - 1);
      const sigma = Math.sqrt((squares[s] as number) / n);
      const away = Math.abs(point.value - expected.value);
      const far = away > sigmas * sigma && away > shareAway * Math.abs(expected.value);
      if (!far) since[s] = -1;
      else if ((since[s] as number) >= 0) seen.push(since[s] as number);
      else since[s] = point.t;
    }
    for (let s = 0; s < services && t > began; s++) {
      const lines = told.problems.get(s);
      const more = (lines?.count ?? 0) - (usual.problems.get(s)?.count ?? 0);
      if (lines && more >= linesMore) seen.push(lines.t);
    }
    return seen.length > 0 ? Math.max(began, Math.min(...seen)) : null;
  };

  /** Welford's running mean and sum of squares. */
  function learn(s: number, value: number): void {
    const n = (count[s] as number) + 1;
    count[s] = n;
    const delta = value - (mean[s] as number);
    mean[s] = (mean[s] as number) + delta / n;
    squares[s] = (squares[s] as number) + delta * (value - (mean[s] as number));
  }
}

function impactsOf(
  outcome: Outcome,
  usual: Outcome,
  service: number,
): { readonly from: Micros; readonly to: Micros }[] {
  const own = outcome.services[service];
  const other = usual.services[service];
  if (!own || !other) return [];
  const { windowUs } = outcome;
  const windows: { from: Micros; to: Micros }[] = [];
  for (let w = 0; w < own.total.length; w++) {
    const shares = isWorse(own.total[w], own.bad[w], other.total[w], other.bad[w]);
    const slower =
      (own.total[w] ?? 0) >= requestsMin &&
      (own.latencyUs[w] ?? 0) > timeWorse * (other.latencyUs[w] ?? Infinity);
    if (!shares && !slower) continue;
    const last = windows.at(-1);
    if (last && w * windowUs - last.to <= gapUs) last.to = (w + 1) * windowUs;
    else windows.push({ from: w * windowUs, to: (w + 1) * windowUs });
  }
  // One window alone may be chance.
  return windows.filter(({ from, to }) => to - from > windowUs);
}

function firstUserImpact(
  { objectives: targets }: SimulatedScenario,
  { objectives, windowUs }: Outcome,
  usual: Outcome,
): Micros | null {
  let first: number | null = null;
  objectives.forEach(({ total, bad }, o) => {
    const other = usual.objectives[o];
    const allowed = 1 - (targets[o]?.target ?? 1);
    const w = total.findIndex(
      (requests, i) =>
        (bad[i] ?? 0) / requests > allowed &&
        isWorse(requests, bad[i], other?.total[i], other?.bad[i]),
    );
    if (w >= 0 && (first === null || w < first)) first = w;
  });
  return first === null ? null : first * windowUs;
}

/** Whether a share of bad requests is above another one by more than chance. */
function isWorse(total = 0, bad = 0, otherTotal = 0, otherBad = 0): boolean {
  if (total < requestsMin) return false;
  const share = bad / total;
  const usual = otherTotal > 0 ? otherBad / otherTotal : 0;
  const pooled = (bad + otherBad) / (total + otherTotal);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / total + 1 / Math.max(1, otherTotal)));
  return share - usual > Math.max(shareWorse, 3 * error);
}
