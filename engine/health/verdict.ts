/** What one window says about a service: its state, and the figures that decide it. */
import type { Micros } from '../sdk/index.ts';
import { bucketUs } from '../store/schema.ts';
import { lengthText, rateText, secondsText, shareText } from '../wording.ts';
import { emptyBaseline, usualOf, type Baseline } from './baseline.ts';
import { addEvidence, isSure } from './evidence.ts';
import type { ServiceSample } from './figures.ts';
import type { HealthState } from './model.ts';
import { healthPolicy as policy } from './policy.ts';
import { isTooFew, recentLines } from './recent-lines.ts';
import type { HealthProblem, ServiceState } from './state.ts';

export interface Verdict {
  /** `unsure`: above a limit, or too shortly below it, to call it well, and not surely unwell. */
  readonly state: HealthState | 'unsure';
  readonly problem: HealthProblem | null;
  readonly reason: string;
}

/** null where the window says nothing new. */
export function judge(
  state: ServiceState,
  sample: ServiceSample,
  t: Micros,
  callersStillCall: () => boolean,
): Verdict | null {
  const unknown = (reason: string): Verdict => ({ state: 'unknown', problem: null, reason });
  // The recording is over, which says nothing about the service.
  if (sample.recorded === 'over') return null;
  if (sample.lastDataAt === null) return unknown('no data yet');
  const age = t - sample.lastDataAt;
  if (age > policy.unknownCadences * Math.max(sample.cadenceUs, bucketUs)) {
    const isHole = sample.recorded === 'hole';
    return unknown(isHole ? 'nothing was recorded here' : `no data for ${lengthText(age)}`);
  }
  // All of them look at every window: each counts its own.
  const found = [
    errorVerdict(state, sample),
    stoppedVerdict(state, sample, callersStillCall),
    slowVerdict(state, sample),
    errorLogVerdict(state, sample),
  ].filter((verdict) => verdict !== null);
  const problem = found.find((verdict) => verdict !== 'unsure');
  if (problem === 'goesOn') return null;
  if (problem) return problem;
  if (!saysSomething(sample)) return null;
  const isUnsure = found.length > 0;
  return {
    state: isUnsure ? 'unsure' : 'healthy',
    problem: null,
    reason: wellText(state, sample),
  };
}

/** An idle service and a gap between two points say nothing: the state stays as it was. */
function saysSomething(sample: ServiceSample): boolean {
  const { errorRatio, requestRate } = sample.figures;
  if (errorRatio !== null || sample.latency !== null) return true;
  return (requestRate ?? 0) > 0 || (sample.byLogs && sample.lines > 0);
}

/**
 * By the absolute limit, unless the service fails about as much every day. To be called well again
 * takes what it took to be called unwell: evidence.
 */
function errorVerdict(state: ServiceState, sample: ServiceSample): Verdict | 'unsure' | null {
  const ratio = sample.figures.errorRatio;
  if (ratio === null) return null;
  const usual = usualOf(state.errors, policy.errorQuantile) ?? 0;
  const limit = Math.max(policy.degradedErrorRatio, timesOdds(usual, policy.errorOdds));
  // A point that is carried forward is the same requests once more.
  if (sample.errorsAreNew) {
    const window = { share: ratio, limit, requests: sample.requests };
    state.errorEvidence = addEvidence(state.errorEvidence, window);
  }
  if (ratio < limit) return state.errorEvidence > 0 ? 'unsure' : null;
  if (!isSure(state.errorEvidence)) return 'unsure';
  const down = ratio >= policy.downErrorRatio;
  const shown = shareText(down ? Math.max(limit, policy.downErrorRatio) : limit);
  const often = usual > 0.001 ? `usually ${shareText(usual)}; ` : '';
  return {
    state: down ? 'down' : 'degraded',
    problem: { kind: 'errors', ratio },
    reason: `${shareText(ratio)} of requests fail (${often}${shown} is the limit)`,
  };
}

/** The share with `times` the odds of the usual one: 2 % becomes 6 %, 50 % becomes 75 %. */
export function timesOdds(usual: number, times: number): number {
  return (times * usual) / (1 + (times - 1) * usual);
}

function stoppedVerdict(
  state: ServiceState,
  sample: ServiceSample,
  callersStillCall: () => boolean,
): Verdict | null {
  const usual = usualOf(state.rate);
  state.stopped = sample.figures.requestRate === 0 ? state.stopped + 1 : 0;
  if (state.stopped < windowsOfTwoPoints(sample) || usual === null) return null;
  if (usual < policy.stoppedRateMin || !callersStillCall()) return null;
  // It reports, so it runs; whether it would answer, nothing shows while its callers are stuck.
  return {
    state: 'unknown',
    problem: null,
    reason: `no requests reach it (usually ${rateText(usual)}) although its callers still have some`,
  };
}

/** Slow only after consecutive windows, which the state counts: one slow request is not a trend. */
function slowVerdict(state: ServiceState, sample: ServiceSample): Verdict | 'unsure' | null {
  const limits = latencyLimit(state.latency);
  const slow = limits !== null && sample.latency !== null && sample.latency > limits.limit;
  state.slow = slow ? state.slow + 1 : 0;
  if (!slow || sample.latency === null) return null;
  if (state.slow < windowsOfTwoPoints(sample)) return 'unsure';
  const { usual, limit } = limits;
  return {
    state: 'degraded',
    problem: { kind: 'slow', seconds: sample.latency, name: sample.latencyName },
    reason:
      `${sample.latencyName} is ${secondsText(sample.latency)} ` +
      `(usually ${secondsText(usual)}; ${secondsText(limit)} is the limit)`,
  };
}

/**
 * Error lines speak only where requests are not measured: a share of lines is no share of requests.
 * `goesOn`: the window neither confirms the trouble nor ends it, for want of lines.
 */
function errorLogVerdict(state: ServiceState, sample: ServiceSample): Verdict | 'goesOn' | null {
  if (sample.figures.errorRatio !== null) return null;
  const recent = recentLines(state.recentLines);
  const { lines, errorLines } = recent;
  const wasUnwell = state.problem?.kind === 'error-logs';
  if (errorLines < policy.errorLogsMin) {
    return wasUnwell && sample.lines > 0 && isTooFew(recent) ? 'goesOn' : null;
  }
  const share = errorLines / lines;
  const usual = usualOf(state.errorShare) ?? 0;
  const limit = Math.min(0.95, Math.max(policy.errorLogShare, policy.errorLogFactor * usual));
  if (share < limit) return null;
  if (sample.errorLines === 0) return 'goesOn';
  return {
    state: 'degraded',
    problem: { kind: 'error-logs', share },
    reason: `${shareText(share)} of its log lines are errors (${shareText(limit)} is the limit)`,
  };
}

/** Do those who call a service still get requests themselves? */
export function callersStillCall(
  callers: readonly number[],
  states: readonly ServiceState[],
  samples: readonly ServiceSample[],
): boolean {
  return callers.some((caller) => {
    const rate = samples[caller]?.figures.requestRate ?? null;
    const usual = usualOf(states[caller]?.rate ?? emptyBaseline());
    return rate !== null && usual !== null && rate > policy.callerRateShare * usual;
  });
}

/** A slow series' point fills many windows and still is one point; two in a row are no blip. */
function windowsOfTwoPoints({ cadenceUs }: ServiceSample): number {
  return Math.max(policy.slowWindows, Math.ceil(cadenceUs / bucketUs) + 1);
}

/** The p95 (seconds) above which a service is slow; null while its baseline is too short. */
function latencyLimit(baseline: Baseline): { usual: number; limit: number } | null {
  const usual = usualOf(baseline);
  if (usual === null) return null;
  const limit = Math.max(policy.latencyFactor * usual, usual + policy.latencyMarginSeconds);
  return { usual, limit };
}

function wellText(state: ServiceState, sample: ServiceSample): string {
  const { errorRatio, requestRate } = sample.figures;
  const parts: string[] = [];
  if (errorRatio !== null) {
    const isHigh = errorRatio >= policy.degradedErrorRatio;
    const isUsual = (usualOf(state.errors, policy.errorQuantile) ?? 0) >= policy.degradedErrorRatio;
    const why = !isHigh ? '' : isUsual ? ' (as usual)' : ' (too few to judge)';
    parts.push(`${shareText(errorRatio)} of requests fail${why}`);
  }
  if (sample.latency !== null) {
    parts.push(`${sample.latencyName} is ${secondsText(sample.latency)}`);
  }
  if (parts.length === 0 && requestRate !== null) parts.push(`${rateText(requestRate)} requests`);
  if (parts.length === 0) parts.push(linesText(state));
  return parts.join(', ');
}

function linesText(state: ServiceState): string {
  const recent = recentLines(state.recentLines);
  const { lines, errorLines } = recent;
  if (errorLines < policy.errorLogShare * lines) return 'its log lines show few errors';
  const why = isTooFew(recent) ? 'too few to judge' : 'as usual';
  return `${errorLines} of its last ${lines} log lines are errors (${why})`;
}
