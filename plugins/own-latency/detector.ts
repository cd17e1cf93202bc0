/**
 * Latency that a service adds itself: the rise of its own latency over what is usual, less the rise of
 * what it waits for. Quantiles do not subtract, so rises are compared, and all callees' rises together
 * (times a margin) must leave as much unexplained as the service usually takes in all.
 */
import { defineDetector } from 'incident-workbench/sdk';

interface Measured {
  last: number;
  at: number;
  /** Latest usual values, oldest first. */
  readonly usual: number[];
}

interface State {
  readonly own: Measured;
  /** By callee. */
  readonly callees: Record<string, Measured>;
  count: number;
  requests: number | null;
  fresh: boolean;
  over: number;
  /** Points in a row that were not learnt. */
  held: number;
}

const secondUs = 1_000_000;
const memory = 60;
const calleesMax = 64;
/** So long an odd level is news; then it is how the service is. */
const heldMax = 90;
const callee = /client[._].*(duration|latency)/;

export default defineDetector({
  apiVersion: 1,
  id: 'own-latency',
  summary:
    'Fires while a service is slow by itself: slower than the services that it calls explain.',
  per: 'service',
  options: {
    factor: {
      type: 'number',
      default: 1,
      minimum: 0.1,
      maximum: 100,
      description: 'Unexplained rise from which it fires, in usual latencies.',
    },
    margin: {
      type: 'number',
      default: 1.5,
      minimum: 1,
      maximum: 10,
      description: 'Times their own rise that callees may explain: calls come more than once.',
    },
    least: {
      type: 'number',
      default: 0.02,
      minimum: 0,
      maximum: 3600,
      description: 'Seconds of unexplained rise below which it never fires.',
    },
    requests: {
      type: 'integer',
      default: 50,
      minimum: 0,
      maximum: 1_000_000,
      description: 'Requests in a point below which it says nothing, where known.',
    },
    points: {
      type: 'integer',
      default: 3,
      minimum: 1,
      maximum: 100,
      description: 'Points in a row before it fires.',
    },
    warm_up: {
      type: 'integer',
      default: 18,
      minimum: 3,
      maximum: 1000,
      description: 'Points before it may fire.',
    },
  },
  messages: {
    own: '{service} is slow by itself: {latency} ms, usually {usual} ms; callees explain {explained} ms.',
  },
  init: (): State => ({
    own: measured(),
    callees: {},
    count: 0,
    requests: null,
    fresh: false,
    over: 0,
    held: 0,
  }),
  on: {
    metric(state, { series, value, requests, t }) {
      const { role, name, attributes } = series;
      if (value < 0 || value > 1e6) return undefined;
      if (role === 'latency_p95' || role === 'latency_mean') {
        set(state.own, value, t);
        state.requests = requests;
        state.fresh = true;
        return undefined;
      }
      const to = attributes['server.address'] ?? attributes['peer.service'];
      if (to === undefined || !callee.test(name)) return undefined;
      const key = `>${to}`;
      const known = state.callees[key];
      if (known !== undefined) set(known, value, t);
      else if (Object.keys(state.callees).length < calleesMax) {
        const made = measured();
        set(made, value, t);
        state.callees[key] = made;
      }
      return undefined;
    },
    // The points of one scrape come at one moment, in any order: judged when all are there.
    tick(state, { config, report }) {
      if (!state.fresh) return undefined;
      state.fresh = false;
      state.count++;
      const { own } = state;
      const usual = median(own.usual);
      const rise = own.last - usual;
      const waits = Object.values(state.callees).filter(({ at }) => own.at - at <= 30 * secondUs);
      const explained = waits.reduce(
        (sum, one) => sum + Math.max(0, one.last - median(one.usual)),
        0,
      );
      const unexplained = rise - config.margin * explained;
      const isWarm = state.count > config.warm_up;
      const isEnough = state.requests === null || state.requests >= config.requests;
      const spread = median(own.usual.map((value) => Math.abs(value - usual)));
      const least = Math.max(config.least, config.factor * usual, 6 * spread);
      const isOver = isWarm && isEnough && unexplained >= least;
      state.over = isOver ? state.over + 1 : 0;
      const isOdd = isWarm && rise >= least;
      state.held = isOdd ? state.held + 1 : 0;
      if (!isOdd || state.held > heldMax) for (const one of [own, ...waits]) learn(one);
      if (!isWarm) return undefined;
      if (state.over < config.points) return state.over > 0 ? 0.3 : 0;
      // It says where time goes, not whether users feel it: it joins incidents and opens none.
      const score = Math.min(0.49, 0.35 + 0.05 * Math.log2(unexplained / least));
      report({
        message: 'own',
        values: {
          latency: Math.round(own.last * 1000),
          usual: Math.round(usual * 1000),
          explained: Math.round(explained * 1000),
        },
        score,
        severity: unexplained >= 4 * least ? 'critical' : 'warning',
      });
      return score;
    },
  },
});

function measured(): Measured {
  return { last: 0, at: 0, usual: [] };
}

function set(one: Measured, value: number, t: number): void {
  one.last = value;
  one.at = t;
}

function learn({ usual, last }: Measured): void {
  usual.push(last);
  usual.splice(0, usual.length - memory);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
