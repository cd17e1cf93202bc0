/**
 * Health of services as a pure step function over windows: thresholds give a window's verdict,
 * counters of consecutive windows give hysteresis. The state is plain data.
 */
import type { SourceHeader } from '../replay/source.ts';
import type { Micros } from '../sdk/index.ts';
import { bucketUs } from '../store/schema.ts';
import type { ServiceSample } from './figures.ts';
import type { HealthEvent, HealthState, HealthWindow } from './model.ts';
import { healthPolicy as policy } from './policy.ts';
import { lengthText, rateText, secondsText, shareText } from './wording.ts';

/** What is wrong with a service, with the figure that decided. */
export type HealthProblem =
  | { readonly kind: 'errors'; readonly ratio: number }
  | { readonly kind: 'slow'; readonly seconds: number; readonly name: string }
  | { readonly kind: 'error-logs'; readonly share: number };

/** Values learned in healthy windows, newest last. */
export interface Baseline {
  values: number[];
  lastAt: Micros;
}

export interface ServiceState {
  state: HealthState;
  /** Set while degraded or down. */
  problem: HealthProblem | null;
  /** Last state that was measured; `unknown` until then. */
  lastKnown: HealthState;
  /** Consecutive windows: down, at least degraded, not down, healthy, above the latency limit. */
  down: number;
  bad: number;
  notDown: number;
  good: number;
  slow: number;
  latency: Baseline;
  rate: Baseline;
  errorShare: Baseline;
}

interface Verdict {
  readonly state: HealthState;
  readonly problem: HealthProblem | null;
  readonly reason: string;
}

export function initialHealth(services: number): ServiceState[] {
  const empty = (): Baseline => ({ values: [], lastAt: -1 });
  return Array.from({ length: services }, () => ({
    state: 'unknown',
    problem: null,
    lastKnown: 'unknown',
    down: 0,
    bad: 0,
    notDown: 0,
    good: 0,
    slow: 0,
    latency: empty(),
    rate: empty(),
    errorShare: empty(),
  }));
}

/** Who calls each service, by index. */
export function callersOf(header: Pick<SourceHeader, 'services' | 'dependencies'>): number[][] {
  const callers: number[][] = header.services.map(() => []);
  for (const { caller, callee } of header.dependencies) callers[callee]?.push(caller);
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
    const calling = () => callersStillCall(context.callers[service] ?? [], states, samples);
    return judge(state, sample, t, calling);
  });
  states.forEach((state, service) => {
    const verdict = verdicts[service];
    const sample = samples[service];
    if (!sample) return;
    const before = state.state;
    const latched = verdict ? latch(state, verdict) : true;
    if (verdict && state.state !== before) {
      const reason = latched ? verdict.reason : `${verdict.reason}, still recovering`;
      events.push({ t, service, state: state.state, reason, figures: sample.figures });
    }
    const well = verdict?.state === 'healthy' && state.state === 'healthy' && state.slow === 0;
    if (well) learn(state, sample, t);
    if (state.state !== 'unknown' || hasFigures(sample)) {
      windows.push({ service, bucket, figures: sample.figures, state: state.state });
    }
  });
  return { events, windows };
}

/** The p95 (seconds) above which a service is slow; null while its baseline is too short. */
export function latencyLimit(baseline: Baseline): { usual: number; limit: number } | null {
  const usual = usualOf(baseline);
  if (usual === null) return null;
  const limit = Math.max(policy.latencyFactor * usual, usual + policy.latencyMarginSeconds);
  return { usual, limit };
}

function judge(
  state: ServiceState,
  sample: ServiceSample,
  t: Micros,
  callersStillCall: () => boolean,
): Verdict | null {
  const unknown = (reason: string): Verdict => ({ state: 'unknown', problem: null, reason });
  if (!sample.recorded) return unknown('nothing was recorded here');
  if (sample.lastDataAt === null) return unknown('no data yet');
  const age = t - sample.lastDataAt;
  if (age > policy.unknownCadences * Math.max(sample.cadenceUs, bucketUs)) {
    return unknown(`no data for ${lengthText(age)}`);
  }
  const problem =
    errorVerdict(sample) ??
    stoppedVerdict(state, sample, callersStillCall) ??
    slowVerdict(state, sample) ??
    errorLogVerdict(state, sample);
  if (problem) return problem;
  return saysSomething(sample)
    ? { state: 'healthy', problem: null, reason: wellText(sample) }
    : null;
}

/** An idle service and a gap between two points say nothing: the state stays as it was. */
function saysSomething(sample: ServiceSample): boolean {
  const { errorRatio, requestRate } = sample.figures;
  if (errorRatio !== null || sample.latency !== null) return true;
  return (requestRate ?? 0) > 0 || (sample.byLogs && sample.lines > 0);
}

function errorVerdict(sample: ServiceSample): Verdict | null {
  const ratio = sample.figures.errorRatio;
  if (ratio === null || ratio < policy.degradedErrorRatio) return null;
  if (sample.requests !== null && sample.requests < policy.requestsMin) return null;
  const down = ratio >= policy.downErrorRatio;
  const limit = shareText(down ? policy.downErrorRatio : policy.degradedErrorRatio);
  return {
    state: down ? 'down' : 'degraded',
    problem: { kind: 'errors', ratio },
    reason: `${shareText(ratio)} of requests fail (${limit} is the limit)`,
  };
}

function stoppedVerdict(
  state: ServiceState,
  sample: ServiceSample,
  callersStillCall: () => boolean,
): Verdict | null {
  const usual = usualOf(state.rate);
  if (sample.figures.requestRate !== 0 || usual === null) return null;
  if (usual < policy.stoppedRateMin || !callersStillCall()) return null;
  // It reports, so it runs; whether it would answer, nothing shows while its callers are stuck.
  return {
    state: 'unknown',
    problem: null,
    reason: `no requests reach it (usually ${rateText(usual)}) although its callers still have some`,
  };
}

/** Slow only after consecutive windows, which the state counts: one slow request is not a trend. */
function slowVerdict(state: ServiceState, sample: ServiceSample): Verdict | null {
  const limits = latencyLimit(state.latency);
  const slow = limits !== null && sample.latency !== null && sample.latency > limits.limit;
  state.slow = slow ? state.slow + 1 : 0;
  if (!slow || sample.latency === null || state.slow < policy.slowWindows) return null;
  const { usual, limit } = limits;
  return {
    state: 'degraded',
    problem: { kind: 'slow', seconds: sample.latency, name: sample.latencyName },
    reason:
      `${sample.latencyName} is ${secondsText(sample.latency)} ` +
      `(usually ${secondsText(usual)}; ${secondsText(limit)} is the limit)`,
  };
}

/** Error lines speak only where requests are not measured: a share of lines is no share of requests. */
function errorLogVerdict(state: ServiceState, sample: ServiceSample): Verdict | null {
  if (sample.figures.errorRatio !== null || sample.errorLines < policy.errorLogsMin) return null;
  const share = sample.errorLines / sample.lines;
  const usual = usualOf(state.errorShare) ?? 0;
  const limit = Math.min(0.95, Math.max(policy.errorLogShare, policy.errorLogFactor * usual));
  if (share < limit) return null;
  return {
    state: 'degraded',
    problem: { kind: 'error-logs', share },
    reason: `${shareText(share)} of its log lines are errors (${shareText(limit)} is the limit)`,
  };
}

function callersStillCall(
  callers: readonly number[],
  states: readonly ServiceState[],
  samples: readonly ServiceSample[],
): boolean {
  return callers.some((caller) => {
    const rate = samples[caller]?.figures.requestRate ?? null;
    const usual = usualOf(states[caller]?.rate ?? { values: [], lastAt: -1 });
    return rate !== null && usual !== null && rate > policy.callerRateShare * usual;
  });
}

/** Moves the state by one verdict. Returns false where the verdict alone would be a better state. */
function latch(state: ServiceState, verdict: Verdict): boolean {
  if (verdict.state === 'unknown') {
    Object.assign(state, { state: 'unknown', problem: null, down: 0, bad: 0, notDown: 0, good: 0 });
    return true;
  }
  const down = verdict.state === 'down';
  const bad = verdict.state !== 'healthy';
  state.down = down ? state.down + 1 : 0;
  state.notDown = down ? 0 : state.notDown + 1;
  state.bad = bad ? state.bad + 1 : 0;
  state.good = bad ? 0 : state.good + 1;
  state.state = nextState(state);
  if (state.state === 'healthy') state.problem = null;
  else if (verdict.problem) state.problem = verdict.problem;
  if (state.state !== 'unknown') state.lastKnown = state.state;
  return state.state === verdict.state;
}

function nextState(state: ServiceState): HealthState {
  if (state.down >= policy.windowsToWorsen) return 'down';
  if (state.state === 'down' && state.notDown < policy.windowsToImprove) return 'down';
  if (state.good >= (state.state === 'unknown' ? 1 : policy.windowsToImprove)) return 'healthy';
  if (state.state === 'down') return 'degraded';
  if (state.bad >= policy.windowsToWorsen) return 'degraded';
  return state.state;
}

function learn(state: ServiceState, sample: ServiceSample, t: Micros): void {
  if (sample.latency !== null && sample.latencyIsNew) add(state.latency, sample.latency, t);
  if (sample.figures.requestRate !== null) add(state.rate, sample.figures.requestRate, t);
  if (sample.lines > 0) add(state.errorShare, sample.errorLines / sample.lines, t);
}

function add(baseline: Baseline, value: number, t: Micros): void {
  if (baseline.lastAt >= 0 && t - baseline.lastAt < policy.baselineSpacingUs) return;
  baseline.values.push(value);
  if (baseline.values.length > policy.baselinePointsMax) baseline.values.shift();
  baseline.lastAt = t;
}

/** Median, which a few odd points do not move. */
function usualOf(baseline: Baseline): number | null {
  if (baseline.values.length < policy.baselinePointsMin) return null;
  const sorted = [...baseline.values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}

function wellText(sample: ServiceSample): string {
  const { errorRatio, requestRate } = sample.figures;
  const parts: string[] = [];
  // Above the limit and yet healthy: there were too few requests to say so.
  const few =
    errorRatio !== null && errorRatio >= policy.degradedErrorRatio ? ' (too few to judge)' : '';
  if (errorRatio !== null) parts.push(`${shareText(errorRatio)} of requests fail${few}`);
  if (sample.latency !== null) {
    parts.push(`${sample.latencyName} is ${secondsText(sample.latency)}`);
  }
  if (parts.length === 0 && requestRate !== null) parts.push(`${rateText(requestRate)} requests`);
  if (parts.length === 0) parts.push('its log lines show few errors');
  return parts.join(', ');
}

function hasFigures(sample: ServiceSample): boolean {
  const { requestRate, errorRatio, latencyP95 } = sample.figures;
  return requestRate !== null || errorRatio !== null || latencyP95 !== null;
}
