/**
 * Fixed limits with hysteresis, by what a series means and never by its name. Three things keep it from
 * crying wolf: a share that has always been bad is not news (it must also be beyond what is usual for
 * its series), a share of few requests may be chance (and has to be beyond that), and one bad point is
 * not enough.
 */
import { defineDetector, type SeriesRole } from 'incident-workbench/sdk';

interface State {
  /** Shares are judged by their bad side: an availability of 0.9 is a bad share of 0.1. */
  readonly kind: 'failures' | 'availability' | 'share' | 'seconds';
  /** Bad share, or seconds. */
  readonly limit: number;
  readonly clear: number;
  /** Beyond this the finding is critical. */
  readonly critical: number;
  /** Latest bad shares that are taken as usual, oldest first. */
  readonly usual: number[];
  /** How it begins has been seen: it was within the limit once, or never in its first points. */
  begun: boolean;
  /** The first bad shares of the episode that goes on; they are taken as usual when it is over. */
  episode: number[];
  /** Points in a row beyond the limit, what they prove together, and how many requests were bad in them. */
  over: number;
  proof: number;
  failures: number;
  firing: boolean;
}

interface Limits {
  readonly error_ratio: number;
  readonly error_ratio_clear: number;
  readonly availability: number;
  readonly availability_clear: number;
  readonly saturation: number;
  readonly saturation_clear: number;
  readonly latency: number;
}

/** A series that begins beyond its limit is known by so many points; only what comes then is news. */
const firstPoints = 5;
/** Share of what is known that one episode adds: one outage is not usual, its third return is. */
const episodeShare = 1 / 8;
/** Usual is what three points of four stay within. */
const usualQuantile = 0.75;
/** Natural powers by which chance has to be ruled out: one in fifty-five. */
const sureness = 4;

export default defineDetector({
  apiVersion: 1,
  id: 'threshold',
  summary:
    'Fires while a ratio, an availability, a saturation or a latency is beyond a fixed limit and beyond what is usual for it.',
  per: 'series',
  options: {
    points: {
      type: 'integer',
      default: 2,
      minimum: 1,
      maximum: 100,
      description: 'Points in a row beyond the limit before it fires.',
    },
    failures: {
      type: 'integer',
      default: 10,
      minimum: 0,
      maximum: 1_000_000,
      description: 'Failed requests in those points before an error ratio or availability fires.',
    },
    memory: {
      type: 'integer',
      default: 40,
      minimum: 0,
      maximum: 1000,
      description: 'Points that tell what is usual for a share; 0 for fixed limits alone.',
    },
    odds: {
      type: 'number',
      default: 3,
      minimum: 1,
      maximum: 1000,
      description: 'A share must also reach this many times its usual odds.',
    },
    error_ratio: {
      type: 'number',
      default: 0.05,
      minimum: 0,
      maximum: 1,
      description: 'Failed share of requests from which it fires.',
    },
    error_ratio_clear: {
      type: 'number',
      default: 0.02,
      minimum: 0,
      maximum: 1,
      description: 'Failed share of requests below which it is quiet again.',
    },
    availability: {
      type: 'number',
      default: 0.95,
      minimum: 0,
      maximum: 1,
      description: 'Succeeded share of requests below which it fires.',
    },
    availability_clear: {
      type: 'number',
      default: 0.98,
      minimum: 0,
      maximum: 1,
      description: 'Succeeded share of requests from which it is quiet again.',
    },
    saturation: {
      type: 'number',
      default: 0.95,
      minimum: 0,
      maximum: 1,
      description: 'Used share of a bounded resource from which it fires.',
    },
    saturation_clear: {
      type: 'number',
      default: 0.85,
      minimum: 0,
      maximum: 1,
      description: 'Used share of a bounded resource below which it is quiet again.',
    },
    latency: {
      type: 'number',
      default: 0,
      minimum: 0,
      maximum: 3600,
      description: 'Seconds from which a latency series fires; 0 for never. Clears at 80 % of it.',
    },
  },
  messages: {
    above: '{metric} of {service} is at {value:unit}; {limit:unit} is the limit.',
    below: '{metric} of {service} is down to {value:unit}; {limit:unit} is the limit.',
  },
  init: ({ config, subject }) => ruleFor(subject.series?.role ?? null, config),
  on: {
    metric(state, { value, requests }, { config, report }) {
      const bad = state.kind === 'availability' ? 1 - value : value;
      const isOfRequests = state.kind === 'failures' || state.kind === 'availability';
      const counted = isOfRequests ? requests : null;
      const isHigh = bad >= state.limit;
      state.begun ||= !isHigh || state.usual.length >= firstPoints || state.kind === 'seconds';
      // What is usual is worth sorting for only where the fixed limit is passed.
      const own = isHigh ? ownLimit(state, config.odds) : 0;
      const limit = Math.max(state.limit, own);
      const isBeyond = isHigh && bad > own && (state.begun || config.memory === 0);
      if (isBeyond) {
        state.over++;
        state.proof += counted === null ? sureness : proofOf(bad, limit, counted);
        state.failures += counted === null ? config.failures : bad * counted;
        const isProven = state.proof >= sureness && state.failures >= config.failures;
        state.firing ||= state.over >= config.points && isProven;
      } else {
        state.over = 0;
        state.proof = 0;
        state.failures = 0;
        // Quiet again, or usual by now; between the two levels it goes on.
        if (bad < state.clear || isHigh) state.firing = false;
      }
      if (state.kind !== 'seconds') learn(state, bad, config.memory, isBeyond);
      if (!state.firing) return state.over > 0 ? 0.4 : 0;
      // From the limit to where it is critical the score goes from 0.6 to 1.
      const width = Math.max(1e-9, state.critical - state.limit);
      const score = Math.min(1, 0.6 + (0.4 * Math.max(0, bad - state.limit)) / width);
      const isLow = state.kind === 'availability';
      report({
        message: isLow ? 'below' : 'above',
        values: { value, limit: isLow ? 1 - limit : limit },
        score,
        severity: bad >= state.critical ? 'critical' : 'warning',
      });
      return score;
    },
  },
});

/**
 * Could as many of so few requests be bad by chance, were `limit` the true share? Chernoff's bound on
 * the binomial tail says how unlikely that is, in natural powers; those of several points add up.
 */
function proofOf(share: number, limit: number, requests: number): number {
  const p = Math.min(1, share);
  const term = (a: number, b: number): number => (a > 0 ? a * Math.log(a / Math.max(b, 1e-9)) : 0);
  return requests * (term(p, limit) + term(1 - p, 1 - limit));
}

/** The share with `times` the odds of the usual one: 2 % becomes 6 %, 50 % becomes 75 %. */
function ownLimit({ usual }: State, times: number): number {
  if (usual.length === 0) return 0;
  const sorted = [...usual].sort((a, b) => a - b);
  const within = sorted[Math.floor(usualQuantile * (sorted.length - 1))] ?? 0;
  return (times * within) / (1 + (times - 1) * within);
}

/** What is not beyond the limit is usual, and so is an episode once it is over. */
function learn(state: State, bad: number, memory: number, isBeyond: boolean): void {
  if (memory === 0) return;
  if (isBeyond || state.firing) {
    if (state.episode.length < state.usual.length * episodeShare) state.episode.push(bad);
    return;
  }
  state.usual.push(...state.episode, bad);
  state.episode = [];
  state.usual.splice(0, state.usual.length - memory);
}

/** The rule of a role, or null where no fixed limit makes sense. */
function ruleFor(role: SeriesRole | null, limits: Limits): State | null {
  switch (role) {
    case 'error_ratio':
      return rule('failures', limits.error_ratio, limits.error_ratio_clear, 5 * limits.error_ratio);
    case 'saturation':
      return rule('share', limits.saturation, limits.saturation_clear, (1 + limits.saturation) / 2);
    case 'availability': {
      const limit = 1 - limits.availability;
      // "Below" means below: the limit itself is still good.
      return rule(role, limit + 1e-9, 1 - limits.availability_clear, 5 * limit);
    }
    case 'latency_p50':
    case 'latency_p95':
    case 'latency_p99':
    case 'latency_mean':
      if (limits.latency === 0) return null;
      return rule('seconds', limits.latency, 0.8 * limits.latency, 5 * limits.latency);
    case 'request_rate':
    case null:
      return null;
    default:
      return role satisfies never;
  }
}

function rule(kind: State['kind'], limit: number, clear: number, critical: number): State {
  // A clear level beyond the limit would never clear.
  const within = Math.min(limit, clear);
  return {
    kind,
    limit,
    clear: within,
    critical,
    usual: [],
    begun: false,
    episode: [],
    over: 0,
    proof: 0,
    failures: 0,
    firing: false,
  };
}
