/**
 * Latency that a service adds itself. Where its spans show what it waits for, and are many, their self
 * time says so; where they are few, metrics say when, and spans whether it is its own; else metrics alone.
 */
import { defineDetector } from 'incident-workbench/sdk';
import { addSelfTime, closeWindow, type Excess, type Operations } from './operations.ts';
import {
  judgeScrape,
  noQuantiles,
  setCallee,
  setOwn,
  type Quantiles,
  type Unexplained,
} from './quantiles.ts';
import { noSelfTimes, selfTimeOf, type SelfTimes } from './self-time.ts';
import { addServed, noShares, ownShare, type Shares } from './share.ts';

/** What it goes on to say, until then, and when it last said so. */
interface Said {
  readonly message: 'own' | 'self';
  readonly values: Readonly<Record<string, string | number>>;
  readonly times: number;
  readonly untilUs: number;
  at: number;
}

interface State {
  readonly quantiles: Quantiles;
  readonly selfTimes: SelfTimes;
  readonly operations: Operations;
  readonly shares: Shares;
  /** When spans last told enough, µs; negative before. */
  spansAt: number;
  /** It calls nobody: all its time is its own. */
  readonly isLeaf: boolean;
  said: Said | null;
}

const secondUs = 1_000_000;
/** Of spans: long enough for some to be sampled, short enough to be soon. */
const spanWindowUs = 20 * secondUs;
/** For so long after spans have told enough, metrics have no say. */
const spansHoldUs = 3 * spanWindowUs;
/** Share of the excess that has to be its own, where few spans tell. */
const ownShareMin = 0.5;
/** What goes on is said again this often, however rare the points are. */
const repeatUs = 10 * secondUs;
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
    self: '{service} takes {own} ms itself in a tenth of {operation}, usually {usual} ms.',
  },
  init: ({ subject, topology }): State => ({
    quantiles: noQuantiles(),
    selfTimes: noSelfTimes(),
    operations: {},
    shares: noShares(),
    spansAt: -spansHoldUs,
    isLeaf: topology.dependencies.every(({ caller }) => caller !== subject.service),
    said: null,
  }),
  on: {
    span(state, span) {
      const own = selfTimeOf(state.selfTimes, span);
      if (own === null) return;
      const { name: operation, t, durationUs } = span;
      addSelfTime(state.operations, operation, own / secondUs);
      const served = { operation, t, own: own / secondUs, waited: (durationUs - own) / secondUs };
      addServed(state.shares, served, state.said === null && state.quantiles.held === 0);
    },
    metric({ quantiles }, { series, value, requests, t }) {
      const { role, name, attributes, cadenceUs } = series;
      if (value < 0 || value > 1e6) return;
      if (role === 'latency_p95' || role === 'latency_mean') {
        setOwn(quantiles, { value, t, requests, cadenceUs });
        return;
      }
      const to = attributes['server.address'] ?? attributes['peer.service'];
      if (to !== undefined && callee.test(name)) setCallee(quantiles, to, value, t);
    },
    // The points of one scrape come at one moment, in any order: judged when all are there.
    tick(state, { config, now, report }) {
      const bySpans = now % spanWindowUs === 0 ? closeSpans(state, config, now) : undefined;
      const byMetrics = state.quantiles.fresh ? closeScrape(state, config, now) : undefined;
      const { said } = state;
      if (said !== null && now <= said.untilUs && now - said.at >= repeatUs) {
        const { message, values, times } = said;
        const severity = times >= 4 ? 'critical' : 'warning';
        report({ message, values, score: scoreOf(times), severity });
        said.at = now;
      }
      return bySpans ?? byMetrics;
    },
  },
});

/** It says where time goes, not whether users feel it: it joins incidents and opens none. */
function scoreOf(times: number): number {
  return Math.min(0.49, 0.35 + 0.05 * Math.log2(times));
}

type Limits = Parameters<typeof judgeScrape>[1];

/** Closes a window of spans; its score, or undefined where they do not tell enough. */
function closeSpans(state: State, config: Limits, now: number): number | undefined {
  const { factor, least: leastSeconds, points: windows } = config;
  const { isJudged, worst } = closeWindow(state.operations, { factor, leastSeconds, windows });
  // Else a server's spans would look as if it waited for nobody.
  if (!isJudged || !(state.isLeaf || state.selfTimes.hasCalls)) return undefined;
  state.spansAt = now;
  say(state, worst === null ? null : ofSpans(worst, now));
  return worst === null ? 0 : scoreOf(worst.times);
}

/** Judges a scrape; its score, or undefined where spans tell or nothing is known yet. */
function closeScrape(state: State, config: Limits, now: number): number | undefined {
  const judged = judgeScrape(state.quantiles, config);
  if (now - state.spansAt < spansHoldUs || judged === 'unknown') return undefined;
  if (typeof judged === 'string') {
    say(state, null);
    return judged === 'soon' ? 0.3 : 0;
  }
  const share = state.isLeaf || state.selfTimes.hasCalls ? ownShare(state.shares, now) : null;
  if (share !== null && share < ownShareMin) {
    say(state, null);
    return 0;
  }
  // A later scrape says otherwise, or none comes.
  const untilUs = now + Math.max(repeatUs, 2.5 * state.quantiles.cadenceUs);
  say(state, ofMetrics(judged, untilUs));
  return scoreOf(judged.times);
}

/** What is news is said at once, also where something else was said a moment ago. */
function say(state: State, next: Said | null): void {
  const { said } = state;
  if (next !== null && said?.message === next.message) next.at = said.at;
  state.said = next;
}

function ofSpans({ operation, own, usual, times }: Excess, now: number): Said {
  const values = { operation, own: Math.round(own * 1000), usual: Math.round(usual * 1000) };
  return { message: 'self', values, times, untilUs: now + spanWindowUs, at: -repeatUs };
}

function ofMetrics({ latency, usual, explained, times }: Unexplained, untilUs: number): Said {
  const values = {
    latency: Math.round(latency * 1000),
    usual: Math.round(usual * 1000),
    explained: Math.round(explained * 1000),
  };
  return { message: 'own', values, times, untilUs, at: -repeatUs };
}
