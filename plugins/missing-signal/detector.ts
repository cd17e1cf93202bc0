/**
 * A dead man's switch for what a service tells. Metrics have a known cadence; logs come by chance, so
 * their silence is judged by how many lines it should have held, and by the longest pause before. One
 * instance's log counts only while its own counters grow: an instance that is gone or idle is not
 * silent. Time that was not recorded is no silence.
 */
import { defineDetector } from 'incident-workbench/sdk';

interface Stream {
  /** Last record, or the start of the recorded stretch where that is later. */
  last: number;
  /** Records of the minute under way, and the mean of earlier minutes. */
  minute: number;
  count: number;
  perMinute: number;
  minutes: number;
  longestUs: number;
}

interface State {
  log: Stream | null;
  metric: Stream | null;
  cadenceUs: number;
  /** Logs by instance. */
  readonly instances: Record<string, Stream>;
  /** A counter of each instance, and when it last grew. */
  readonly counters: Record<string, { series: number; value: number; grewAt: number }>;
  readonly logRecorded: readonly (readonly [from: number, to: number])[];
  readonly metricRecorded: readonly (readonly [from: number, to: number])[];
}

const secondUs = 1_000_000;
const minuteUs = 60 * secondUs;
const stepUs = 5 * secondUs;
const instancesMax = 64;

export default defineDetector({
  apiVersion: 1,
  id: 'missing-signal',
  summary: 'Fires when the metrics or the log of a service stop though they were being recorded.',
  per: 'service',
  options: {
    expected: {
      type: 'number',
      default: 20,
      minimum: 5,
      maximum: 10_000,
      description: 'Lines that should have come before a silent log is news.',
    },
    pauses: {
      type: 'number',
      default: 3,
      minimum: 1,
      maximum: 100,
      description: 'Times the longest pause so far that a silent log must last.',
    },
    cadences: {
      type: 'number',
      default: 4,
      minimum: 2,
      maximum: 100,
      description: 'Distances between two points that silent metrics must last.',
    },
    least: {
      type: 'integer',
      default: 30,
      minimum: 1,
      maximum: 86_400,
      description: 'Seconds below which nothing is called silent.',
    },
    warm_up: {
      type: 'integer',
      default: 3,
      minimum: 1,
      maximum: 1000,
      description: 'Minutes with records before a silence is news.',
    },
  },
  messages: {
    log: '{service} has logged nothing for {seconds} s; {expected} lines were to be expected.',
    instance:
      '{instance} of {service} works on but has logged nothing for {seconds} s; {expected} lines were to be expected.',
    metric: '{service} has sent no metrics for {seconds} s.',
  },
  init: ({ recorded }): State => ({
    log: null,
    metric: null,
    cadenceUs: 0,
    instances: {},
    counters: {},
    logRecorded: recorded.log.map(({ from, to }) => [from, to]),
    metricRecorded: recorded.metric.map(({ from, to }) => [from, to]),
  }),
  on: {
    log(state, { attributes, t }) {
      state.log = heard(state.log, t);
      const instance = attributes['service.instance.id'] ?? attributes['instance'];
      if (typeof instance !== 'string') return;
      const key = `#${instance}`;
      const known = state.instances[key];
      if (known === undefined && Object.keys(state.instances).length >= instancesMax) return;
      state.instances[key] = heard(known ?? null, t);
    },
    metric(state, { series, value, t }) {
      state.metric = heard(state.metric, t);
      const { cadenceUs } = series;
      if (cadenceUs > 0) {
        state.cadenceUs = state.cadenceUs === 0 ? cadenceUs : Math.min(state.cadenceUs, cadenceUs);
      }
      const instance = series.attributes['service.instance.id'];
      // Uptime grows too, and says nothing of work.
      if (instance === undefined || !series.monotonic || series.unit === 's') return;
      const key = `#${instance}`;
      const counter = state.counters[key];
      if (counter === undefined) {
        if (Object.keys(state.counters).length >= instancesMax) return;
        state.counters[key] = { series: series.id, value, grewAt: 0 };
      } else if (counter.series === series.id) {
        if (value > counter.value) counter.grewAt = t;
        counter.value = value;
      }
    },
    tick(state, { config, now, report }) {
      if (now % stepUs !== 0) return undefined;
      let score: number | undefined;
      const say = (
        message: 'log' | 'instance' | 'metric',
        values: Readonly<Record<string, string | number>>,
        sure: number,
      ): void => {
        report({ message, values, score: sure, severity: 'warning' });
        score = Math.max(score ?? 0, sure);
      };
      const { log, metric, cadenceUs } = state;
      if (metric !== null && isRecorded(metric, state.metricRecorded, now)) {
        score ??= 0;
        const silentUs = now - metric.last;
        const least = Math.max(config.least * secondUs, config.cadences * cadenceUs);
        if (cadenceUs > 0 && metric.minutes >= config.warm_up && silentUs >= least) {
          say('metric', { seconds: silentUs / secondUs }, 0.7);
        }
      }
      if (log === null || !isRecorded(log, state.logRecorded, now)) return score;
      score ??= 0;
      const missed = silence(log, now, config);
      if (missed !== null) say('log', missed, 0.7);
      for (const [key, stream] of Object.entries(state.instances)) {
        const counter = state.counters[key];
        if (!isRecorded(stream, state.logRecorded, now)) continue;
        const lost = silence(stream, now, config);
        const fresh = now - 3 * Math.max(cadenceUs, stepUs);
        const works = counter !== undefined && counter.grewAt >= Math.max(fresh, stream.last);
        if (missed === null && lost !== null && works) {
          // Load that moves away thins a log out as well: it joins incidents and opens none.
          say('instance', { ...lost, instance: key.slice(1) }, 0.45);
        }
      }
      return score;
    },
  },
});

function heard(known: Stream | null, t: number): Stream {
  const minute = Math.floor(t / minuteUs);
  if (known === null) {
    return { last: t, minute, count: 1, perMinute: 0, minutes: 0, longestUs: 0 };
  }
  if (minute > known.minute) {
    // Minutes without a line count as such, up to a few.
    for (let i = known.minute; i < Math.min(minute, known.minute + 10); i++) {
      const count = i === known.minute ? known.count : 0;
      known.minutes++;
      known.perMinute += (count - known.perMinute) / Math.min(10, known.minutes);
    }
    known.minute = minute;
    known.count = 0;
  }
  known.count++;
  // A long pause is forgotten slowly, by the line.
  known.longestUs = Math.max(0.9995 * known.longestUs, t - known.last);
  known.last = t;
  return known;
}

function silence(
  stream: Stream,
  now: number,
  config: { expected: number; pauses: number; least: number; warm_up: number },
): { seconds: number; expected: number } | null {
  if (stream.minutes < config.warm_up) return null;
  const silentUs = now - stream.last;
  const expected = (stream.perMinute * silentUs) / minuteUs;
  const isLong =
    silentUs >= config.least * secondUs && silentUs >= config.pauses * stream.longestUs;
  if (!isLong || expected < config.expected) return null;
  return { seconds: Math.round(silentUs / secondUs), expected: Math.round(expected) };
}

/** Is it recorded now? A stretch that began after the last record is where silence begins. */
function isRecorded(
  stream: Stream,
  recorded: readonly (readonly [from: number, to: number])[],
  now: number,
): boolean {
  const stretch = recorded.find(([from, to]) => from <= now && now <= to);
  if (stretch === undefined) return false;
  if (stream.last < stretch[0]) {
    stream.last = stretch[0];
    stream.minute = Math.floor(stretch[0] / minuteUs);
    stream.count = 0;
  }
  return true;
}
