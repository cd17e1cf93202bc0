/** Fixed limits with hysteresis, by what a series means and never by its name. */
import { defineDetector, type SeriesRole } from 'incident-workbench/sdk';

interface State {
  /** 1: a high value is bad; -1: a low one. */
  readonly direction: number;
  readonly limit: number;
  readonly clear: number;
  /** Beyond this the finding is critical. */
  readonly critical: number;
  readonly message: 'above' | 'below';
  /** Points in a row beyond the limit. */
  over: number;
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

export default defineDetector({
  apiVersion: 1,
  id: 'threshold',
  summary:
    'Fires while a ratio, an availability, a saturation or a latency is beyond a fixed limit.',
  per: 'series',
  options: {
    points: {
      type: 'integer',
      default: 2,
      minimum: 1,
      maximum: 100,
      description: 'Points in a row beyond the limit before it fires.',
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
    above: '{metric} of {service} is {value}, at or above {limit}.',
    below: '{metric} of {service} is {value}, below {limit}.',
  },
  init: ({ config, subject }) => ruleFor(subject.series?.role ?? null, config),
  on: {
    metric(state, point, { config, subject, report }) {
      const beyond = excess(state, point.value, state.limit);
      if (beyond >= 0) {
        state.over++;
        state.firing = state.firing || state.over >= config.points;
      } else {
        state.over = 0;
        if (excess(state, point.value, state.clear) < 0) state.firing = false;
      }
      if (!state.firing) return state.over > 0 ? 0.4 : 0;
      // From the limit to where it is critical the score goes from 0.6 to 1.
      const width = Math.abs(state.critical - state.limit) || 1;
      const score = Math.min(1, 0.6 + (0.4 * Math.max(0, beyond)) / width);
      report({
        message: state.message,
        values: {
          metric: point.series.name,
          service: subject.service,
          value: point.value,
          limit: state.limit,
        },
        score,
        severity: excess(state, point.value, state.critical) >= 0 ? 'critical' : 'warning',
      });
      return score;
    },
  },
});

/** How far the value is beyond a limit; negative while it is not. */
function excess(state: State, value: number, limit: number): number {
  const by = (value - limit) * state.direction;
  // `below` means below: a low limit itself is still good.
  return state.direction < 0 && by === 0 ? -Number.MIN_VALUE : by;
}

/** The rule of a role, or null where no fixed limit makes sense. */
function ruleFor(role: SeriesRole | null, limits: Limits): State | null {
  switch (role) {
    case 'error_ratio':
      return above(limits.error_ratio, limits.error_ratio_clear, 5 * limits.error_ratio);
    case 'saturation':
      return above(limits.saturation, limits.saturation_clear, (1 + limits.saturation) / 2);
    case 'latency_p50':
    case 'latency_p95':
    case 'latency_p99':
    case 'latency_mean':
      return limits.latency === 0
        ? null
        : above(limits.latency, 0.8 * limits.latency, 5 * limits.latency);
    case 'availability': {
      const critical = 1 - 5 * (1 - limits.availability);
      const clear = Math.max(limits.availability, limits.availability_clear);
      return {
        ...quiet,
        direction: -1,
        message: 'below',
        limit: limits.availability,
        clear,
        critical,
      };
    }
    case 'request_rate':
    case null:
      return null;
    default:
      return role satisfies never;
  }
}

const quiet = { over: 0, firing: false };

function above(limit: number, clear: number, critical: number): State {
  // A clear level beyond the limit would never clear.
  return {
    ...quiet,
    direction: 1,
    message: 'above',
    limit,
    clear: Math.min(limit, clear),
    critical,
  };
}
