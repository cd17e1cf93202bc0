/**
 * Health of services as a pure step function over windows: thresholds give a window's verdict,
 * counters of consecutive windows give hysteresis. The state is plain data.
 */
import type { SourceHeader } from '../replay/source.ts';
import type { Micros } from '../sdk/index.ts';
import { bucketUs } from '../store/schema.ts';
import { addAll, addTo, emptyBaseline, type Baseline } from './baseline.ts';
import type { ServiceSample } from './figures.ts';
import type { HealthEvent, HealthState, HealthWindow } from './model.ts';
import { healthPolicy as policy } from './policy.ts';
import { isTooFew, recentLines, remember, type LineCount } from './recent-lines.ts';
import { callersStillCall, judge, timesOdds, type Verdict } from './verdict.ts';

/** What is wrong with a service, with the figure that decided. */
export type HealthProblem =
  | { readonly kind: 'errors'; readonly ratio: number }
  | { readonly kind: 'slow'; readonly seconds: number; readonly name: string }
  | { readonly kind: 'error-logs'; readonly share: number };

export interface ServiceState {
  state: HealthState;
  /** Set while degraded or down. */
  problem: HealthProblem | null;
  /** It has been healthy, and degraded or down, at some time. */
  wasWell: boolean;
  wasUnwell: boolean;
  /** Last state that was measured; `unknown` until then. */
  lastKnown: HealthState;
  /** Consecutive windows: down, at least degraded, not down, healthy, above the latency limit, idle. */
  down: number;
  bad: number;
  notDown: number;
  good: number;
  slow: number;
  stopped: number;
  /** That it fails more than its limit, by all windows so far. */
  errorEvidence: number;
  /** Good windows in a row that it takes to get better; more for one that keeps coming back. */
  toImprove: number;
  /** Windows until a recovery counts as one. */
  probation: number;
  latency: Baseline;
  rate: Baseline;
  /** Failed share of requests, and error share of log lines. */
  errors: Baseline;
  /** The first failed shares of the episode that goes on. */
  episode: Baseline;
  errorShare: Baseline;
  /** Newest last. */
  recentLines: LineCount[];
}

export function initialHealth(services: number): ServiceState[] {
  return Array.from({ length: services }, () => ({
    state: 'unknown',
    problem: null,
    wasWell: false,
    wasUnwell: false,
    lastKnown: 'unknown',
    down: 0,
    bad: 0,
    notDown: 0,
    good: 0,
    slow: 0,
    stopped: 0,
    errorEvidence: 0,
    toImprove: policy.windowsToImprove,
    probation: 0,
    latency: emptyBaseline(),
    rate: emptyBaseline(),
    errors: emptyBaseline(),
    episode: emptyBaseline(),
    errorShare: emptyBaseline(),
    recentLines: [],
  }));
}

/** Who calls each service, by index; what is only read on a miss, or copied, may rest for good reason. */
export function callersOf(header: Pick<SourceHeader, 'services' | 'dependencies'>): number[][] {
  const callers: number[][] = header.services.map(() => []);
  for (const { caller, callee, kind } of header.dependencies) {
    if (kind === 'call') callers[callee]?.push(caller);
  }
  return callers;
}

/**
 * Advances every service by one window and changes `states` in place. A window's row is left out
 * where a service was neither measured nor known, because absence says that already.
 */
export function stepHealth(
  states: readonly ServiceState[],
  samples: readonly ServiceSample[],
  context: { readonly bucket: number; readonly callers: readonly (readonly number[])[] },
): { events: HealthEvent[]; windows: HealthWindow[] } {
  const { bucket } = context;
  const t = (bucket + 1) * bucketUs;
  const events: HealthEvent[] = [];
  const windows: HealthWindow[] = [];
  const verdicts = states.map((state, service): Verdict | null => {
    const sample = samples[service];
    if (!sample) return null;
    remember(state.recentLines, sample);
    const calling = () => callersStillCall(context.callers[service] ?? [], states, samples);
    return judge(state, sample, t, calling);
  });
  states.forEach((state, service) => {
    const verdict = verdicts[service];
    const sample = samples[service];
    if (!sample) return;
    const { state: before, lastKnown } = state;
    const latched = verdict ? latch(state, verdict) : true;
    if (verdict) settleProbation(state, lastKnown);
    if (verdict && state.state !== before) {
      const reason = latched ? verdict.reason : `${verdict.reason}, still recovering`;
      events.push({ t, service, state: state.state, reason, figures: sample.figures });
    }
    state.wasWell ||= state.state === 'healthy';
    const well = verdict?.state === 'healthy' && state.state === 'healthy';
    if (well && state.probation === 0) learn(state, sample, t);
    learnErrors(state, sample, { t, isWell: well });
    if (state.state !== 'unknown' || hasFigures(sample)) {
      windows.push({ service, bucket, figures: sample.figures, state: state.state });
    }
  });
  return { events, windows };
}

/** Moves the state by one verdict. Returns false where the verdict alone would be a better state. */
function latch(state: ServiceState, verdict: Verdict): boolean {
  if (verdict.state === 'unknown') {
    const nothing = { down: 0, bad: 0, notDown: 0, good: 0, errorEvidence: 0 };
    Object.assign(state, { state: 'unknown', problem: null, ...nothing });
    return true;
  }
  const down = verdict.state === 'down';
  const bad = down || verdict.state === 'degraded';
  state.down = down ? state.down + 1 : 0;
  state.notDown = down ? 0 : state.notDown + 1;
  state.bad = bad ? state.bad + 1 : 0;
  state.good = verdict.state === 'healthy' ? state.good + 1 : 0;
  state.state = nextState(state, verdict);
  if (state.state === 'healthy') state.problem = null;
  else if (verdict.problem) state.problem = verdict.problem;
  if (state.state !== 'unknown') state.lastKnown = state.state;
  return state.state === verdict.state || (verdict.state === 'unsure' && state.state === 'healthy');
}

function nextState(state: ServiceState, verdict: Verdict): HealthState {
  // What says too little goes on with what was known last.
  if (state.state === 'unknown' && verdict.state === 'unsure') {
    return state.lastKnown === 'unknown' ? 'healthy' : state.lastKnown;
  }
  if (state.down >= policy.windowsToWorsen) return 'down';
  if (state.state === 'down' && state.notDown < policy.windowsToImprove) return 'down';
  if (state.good >= (state.state === 'unknown' ? 1 : state.toImprove)) return 'healthy';
  if (state.state === 'down') return 'degraded';
  if (state.bad >= policy.windowsToWorsen) return 'degraded';
  return state.state;
}

/** A recovery is on probation: until it has lasted, nothing of it is usual, and its end is a return. */
function settleProbation(state: ServiceState, before: HealthState): void {
  if (state.state === 'unknown') return;
  if (state.state === 'healthy') {
    const recovers = before === 'degraded' || before === 'down';
    state.probation = recovers ? policy.probationWindows : Math.max(0, state.probation - 1);
    return;
  }
  state.wasUnwell = true;
  if (before !== 'healthy') return;
  const doubled = Math.min(2 * state.toImprove, policy.windowsToImproveMax);
  state.toImprove = state.probation > 0 ? doubled : policy.windowsToImprove;
}

function learn(state: ServiceState, sample: ServiceSample, t: Micros): void {
  if (sample.latency !== null && sample.latencyIsNew) addTo(state.latency, sample.latency, t);
  if (sample.figures.requestRate !== null) addTo(state.rate, sample.figures.requestRate, t);
  const recent = recentLines(state.recentLines);
  if (sample.lines > 0 && !isTooFew(recent)) {
    addTo(state.errorShare, recent.errorLines / recent.lines, t);
  }
}

/** How it begins is usual, so is what is well, and an episode once it is over. */
function learnErrors(
  state: ServiceState,
  sample: ServiceSample,
  { t, isWell }: { readonly t: Micros; readonly isWell: boolean },
): void {
  const ratio = sample.figures.errorRatio;
  if (ratio === null) return;
  const { errors, episode } = state;
  const begins = errors.values.length < policy.baselinePointsMin && isBeginning(state, ratio);
  if (!isWell && !begins) {
    addTo(episode, ratio, t);
    return;
  }
  const most = Math.ceil(errors.values.length * policy.episodeShare);
  addAll(errors, episode.values.slice(0, most));
  state.episode = emptyBaseline();
  addTo(errors, ratio, t);
}

/** Until it was well, it only knows this; from then on, and until it was unwell, about as much. */
function isBeginning({ wasWell, wasUnwell, errors }: ServiceState, ratio: number): boolean {
  const most = Math.max(0, ...errors.values);
  return !wasWell || (!wasUnwell && ratio < timesOdds(most, policy.errorOdds));
}

function hasFigures(sample: ServiceSample): boolean {
  const { requestRate, errorRatio, latencyP95 } = sample.figures;
  return requestRate !== null || errorRatio !== null || latencyP95 !== null;
}
