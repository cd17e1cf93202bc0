/**
 * A detector to copy. It fires when a text turns up in the log of a service several times within a
 * minute. Everything that most detectors need is in here; take away what you do not.
 */
import { defineDetector } from 'incident-workbench/sdk';

/** What is remembered about one service. Plain data: the engine stores, copies and restores it. */
interface State {
  /** When the text was seen in the last minute, µs, oldest first. */
  seenAt: number[];
}

/** Scenario time is in microseconds. */
const minute = 60_000_000;

export default defineDetector({
  apiVersion: 1,
  // kebab-case, unique within a run.
  id: 'skeleton',
  // One sentence, shown wherever the detector is named.
  summary: 'Fires when a text turns up in the log of a service several times within a minute.',
  // One state for each: series, service, edge (caller and callee) or run.
  per: 'service',
  // What people may set, with defaults. Checked before a run starts; `config` has every value.
  options: {
    text: { type: 'string', default: 'timeout', description: 'The text, in any case.' },
    times: {
      type: 'integer',
      default: 3,
      minimum: 1,
      maximum: 1000,
      description: 'Times within a minute from which it fires.',
    },
  },
  // What it can say. {placeholders} are filled from the values of a finding.
  messages: {
    repeated: '{service} logged "{text}" {times} times within a minute.',
  },
  // Makes the state of one subject, before the first record. Return null to leave a subject alone.
  init: (): State => ({ seenAt: [] }),
  // Hooks are synchronous. They see records and `context`, never the clock, chance or the network:
  // `context.now` is scenario time in µs, `context.random()` is seeded.
  on: {
    // Runs for each log of the service. A log, metric, span or tick hook may return a score from
    // 0 (as ever) to 1 (surely wrong), or nothing where it has nothing to say.
    log(state, record, { config, subject, now, report }) {
      if (!record.body.toLowerCase().includes(config.text.toLowerCase())) return undefined;
      // A state must not grow without end: keep no more than the answer needs.
      state.seenAt = [...state.seenAt, now].slice(-config.times);
      const recent = state.seenAt.filter((seen) => seen > now - minute).length;
      const score = recent / (recent + config.times);
      if (recent < config.times) return score;
      // "The condition holds now": say it again while it holds. The engine turns findings into
      // alerts and incidents, so nobody is paged twice.
      report({
        message: 'repeated',
        values: { service: subject.service, text: config.text, times: recent },
        score,
      });
      return score;
    },
    // Runs once a second of scenario time, in silence too; here it lets the score fall again.
    tick(state, { now }) {
      if (state.seenAt.length === 0) return undefined;
      state.seenAt = state.seenAt.filter((seen) => seen > now - minute);
      return state.seenAt.length === 0 ? 0 : undefined;
    },
  },
});
