/**
 * Attempts per request of a call between two services, against what they were before. A caller counts
 * its retries; `r` retries among its attempts make 1 / (1 - r) attempts of each request.
 */
import { defineDetector } from 'incident-workbench/sdk';

interface State {
  /** Attempts per request, slowly averaged. */
  usual: number;
  points: number;
  over: number;
  firing: boolean;
  readonly callee: string;
}

const retries = /(^|[._])(client|upstream)[._].*retr(y|ies)[._](ratio|share)$/;

export default defineDetector({
  apiVersion: 1,
  id: 'retry-amplification',
  summary:
    'Fires while a service sends another far more attempts per request than it usually does.',
  per: 'series',
  options: {
    factor: {
      type: 'number',
      default: 1.25,
      minimum: 1.01,
      maximum: 10,
      description: 'Times the usual attempts per request from which it fires.',
    },
    points: {
      type: 'integer',
      default: 2,
      minimum: 1,
      maximum: 100,
      description: 'Points in a row beyond it before it fires.',
    },
    requests: {
      type: 'integer',
      default: 10,
      minimum: 0,
      maximum: 1_000_000,
      description: 'Requests of the caller in a point below which it says nothing, where known.',
    },
    memory: {
      type: 'integer',
      default: 60,
      minimum: 5,
      maximum: 10_000,
      description: 'Points that the running mean remembers.',
    },
  },
  messages: {
    amplified: '{service} sends {callee} {attempts} attempts per request, usually {usual}.',
  },
  init({ subject: { series } }): State | null {
    const callee = series?.attributes['server.address'] ?? series?.attributes['peer.service'];
    if (series === null || callee === undefined || !retries.test(series.name)) return null;
    return { usual: 1, points: 0, over: 0, firing: false, callee };
  },
  on: {
    metric(state, { value, requests }, { config, report }) {
      const perRequest = 1 / (1 - Math.min(0.99, Math.max(0, value)));
      const isEnough = requests === null || requests >= config.requests;
      const isOver = isEnough && perRequest >= config.factor * state.usual;
      state.over = isOver ? state.over + 1 : 0;
      // Half of the way back is not over yet.
      const isStill = perRequest >= (1 + (config.factor - 1) / 2) * state.usual;
      state.firing = state.firing ? isStill : state.over >= config.points;
      // Nobody's first attempts are retries, so there is no warm-up; a storm teaches ten times slower.
      state.points++;
      const memory = Math.min(config.memory, state.points + 5) * (isOver || state.firing ? 10 : 1);
      state.usual += (perRequest - state.usual) / memory;
      if (!state.firing) return state.over > 0 ? 0.3 : 0;
      const score = Math.min(1, 0.5 + 0.25 * Math.log2(perRequest / state.usual));
      report({
        message: 'amplified',
        values: {
          callee: state.callee,
          attempts: Number(perRequest.toFixed(2)),
          usual: Number(state.usual.toFixed(2)),
        },
        score: Math.max(0.5, score),
        severity: perRequest >= 2 * state.usual ? 'critical' : 'warning',
      });
      return Math.max(0.5, score);
    },
  },
});
