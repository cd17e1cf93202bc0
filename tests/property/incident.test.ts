/** Incidents and health depend on the stream alone, and every fold can be cut anywhere. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Correlator,
  applyHealthEvent,
  applyHumanEvent,
  applyIncidentEvent,
  emptyState,
  humanActions,
  legalActions,
  statusAfter,
  viewHealth,
  viewIncidents,
  type Correlated,
  type Finding,
  type FoldedState,
  type HumanEvent,
} from '../../engine/incident/index.ts';
import {
  batchOf,
  headerOf,
  minute,
  second,
  type StreamRecord,
} from '../support/synthetic-stream.ts';
import { tries } from '../support/effort.ts';

const roles = ['request_rate', 'error_ratio', 'latency_p95'] as const;
const header = headerOf(
  [
    { name: 'web', entry: true, calls: ['checkout'], roles },
    { name: 'checkout', calls: ['orders-db'], roles },
    { name: 'orders-db', roles },
    { name: 'mail' },
  ],
  {
    durationUs: 40 * minute,
    intervals: [
      {
        stream: 'metric',
        service: 1,
        intervals: [
          { from: 0, to: 20 * minute },
          { from: 22 * minute, to: 40 * minute },
        ],
      },
    ],
  },
);

interface Stream {
  readonly records: readonly StreamRecord[];
  readonly findings: readonly Finding[];
}

/** A stretch in which a service fails and a detector sees it, with rough edges. */
const episode = fc.record({
  service: fc.nat(3),
  from: fc.integer({ min: 0, max: 30 * 60 }),
  seconds: fc.integer({ min: 5, max: 600 }),
  ratio: fc.constantFrom(0.06, 0.3, 0.9),
  detector: fc.constantFrom('zscore', 'threshold'),
  every: fc.constantFrom(1_000_000, 2_500_000, 7_000_000, 10_000_000),
  offset: fc.nat(999_999),
});

const stream = fc.array(episode, { minLength: 1, maxLength: 6 }).map((episodes): Stream => {
  const records: StreamRecord[] = [];
  for (let t = 0; t < header.durationUs; t += 10 * second) {
    for (let service = 0; service < 3; service++) {
      const bad = episodes.find(
        (e) => e.service === service && t >= e.from * second && t < (e.from + e.seconds) * second,
      );
      records.push({ t, series: service * 3, value: 40 });
      records.push({ t, series: service * 3 + 1, value: bad?.ratio ?? 0.001 });
      records.push({ t, series: service * 3 + 2, value: bad ? 2 : 0.1 });
    }
    records.push({ t: t + 1, service: 3, severity: 9 });
  }
  const findings = episodes.flatMap((e) => {
    const list: Finding[] = [];
    const from = e.from * second + (e.offset % 2 === 0 ? 0 : e.offset);
    for (let t = from; t < (e.from + e.seconds) * second; t += e.every) {
      list.push({
        t,
        detector: e.detector,
        subject: `s${e.service}`,
        service: e.service,
        series: null,
        severity: 'warning',
        score: e.ratio,
        message: 'm',
        body: `number ${list.length}`,
        values: {},
        cadenceUs: 10 * second,
      });
    }
    return list;
  });
  return { records, findings: findings.sort((a, b) => a.t - b.t) };
});

/** Runs the stream cut at these shares of its records. */
function correlate({ records, findings }: Stream, cuts: readonly number[]): Correlated {
  const correlator = new Correlator(header);
  const batch = batchOf(records);
  const { t } = batch.columns;
  const out: Correlated = { incidentEvents: [], healthEvents: [], windows: [] };
  const add = (part: Correlated) => {
    out.incidentEvents.push(...part.incidentEvents);
    out.healthEvents.push(...part.healthEvents);
    out.windows.push(...part.windows);
  };
  const ends = cuts.map((cut) => Math.floor(cut * batch.count)).sort((a, b) => a - b);
  let from = 0;
  let given = 0;
  for (const to of [...ends, batch.count]) {
    correlator.observe(batch.columns, from, to);
    from = to;
    // Everything before the next record has been given: the watermark of this cut.
    const through = to < batch.count ? (t[to] ?? 0) : header.durationUs;
    // Findings may come early: those at or past the watermark are held back.
    const upTo = findings.findIndex((finding, i) => i >= given && finding.t > through + 3 * second);
    const end = upTo < 0 ? findings.length : upTo;
    add(correlator.advance(through, findings.slice(given, end)));
    given = end;
  }
  add(correlator.finish());
  return out;
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe('correlation', () => {
  test('any cutting of the same stream gives identical events', () => {
    let events = 0;
    fc.assert(
      fc.property(stream, cuts, (given, where) => {
        const whole = correlate(given, []);
        events += whole.incidentEvents.length;
        expect(correlate(given, where)).toEqual(whole);
      }),
      { numRuns: tries(60) },
    );
    // The property would hold trivially over silence.
    expect(events).toBeGreaterThan(100);
  });

  test('events are in order of time, and every incident opens first and once', () => {
    fc.assert(
      fc.property(stream, (given) => {
        const { incidentEvents, healthEvents } = correlate(given, []);
        for (const list of [incidentEvents, healthEvents]) {
          expect(list.map((e) => e.t)).toEqual(list.map((e) => e.t).sort((a, b) => a - b));
        }
        const seen = new Set<number>();
        for (const event of incidentEvents) {
          expect(seen.has(event.incident)).toBe(event.kind !== 'opened');
          seen.add(event.incident);
        }
      }),
      { numRuns: tries(30) },
    );
  });
});

const human = fc.record({
  t: fc.nat(header.durationUs),
  wallUnixMs: fc.constant(0),
  actor: fc.constant('ann'),
  incident: fc.integer({ min: 1, max: 3 }),
  action: fc.constantFrom(...humanActions),
  note: fc.constant(''),
});

type Applied = (state: FoldedState) => FoldedState;

/** Engine events of a stream and people's events, as one list in order of time. */
function eventsOf(correlated: Correlated, people: readonly HumanEvent[]) {
  const engine: { t: number; apply: Applied }[] = [
    ...correlated.healthEvents.map((e) => ({
      t: e.t,
      apply: (s: FoldedState) => applyHealthEvent(s, e),
    })),
    ...correlated.incidentEvents.map((e) => ({
      t: e.t,
      apply: (s: FoldedState) => applyIncidentEvent(s, e),
    })),
  ].sort((a, b) => a.t - b.t);
  const persons: { t: number; apply: Applied }[] = [...people]
    .sort((a, b) => a.t - b.t)
    .map((e) => ({ t: e.t, apply: (s: FoldedState) => applyHumanEvent(s, e) }));
  return { engine, persons };
}

const services = header.services.map((service) => service.name);
const seen = (state: FoldedState) => [viewIncidents(state, header.durationUs), viewHealth(state)];
const fold = (state: FoldedState, events: readonly { apply: Applied }[]) =>
  events.reduce((folded, event) => event.apply(folded), state);

describe('the fold', () => {
  test('a keyframe and its tail give the same as zero and everything, at any cut', () => {
    fc.assert(
      fc.property(
        stream,
        fc.array(human, { maxLength: 10 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (given, people, share) => {
          const { engine, persons } = eventsOf(correlate(given, []), people);
          const cut = Math.floor(share * engine.length);
          // Folded in the order of time, as it happened live; at one time the engine comes first.
          const live = [...engine, ...persons].sort((a, b) => a.t - b.t);
          const whole = fold(emptyState({ services }), live);
          const keyframe = JSON.stringify(fold(emptyState({ services }), engine.slice(0, cut)));
          const parsed = JSON.parse(keyframe) as FoldedState;
          // People's events lie beside the keyframes, so all of them come after it.
          const resumed = fold(parsed, [...engine.slice(cut), ...persons]);
          expect(seen(resumed)).toEqual(seen(whole));
        },
      ),
      { numRuns: tries(60) },
    );
  });

  test('whatever people press, the status only takes legal steps', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...humanActions), { maxLength: 20 }), (actions) => {
        const state = emptyState({ services });
        const opened = { t: 0, incident: 1, kind: 'opened', title: 'x', severity: 'low' } as const;
        applyIncidentEvent(state, opened);
        let expected: ReturnType<typeof statusAfter> = 'open';
        actions.forEach((action, i) => {
          const event = { t: i, wallUnixMs: 0, actor: 'ann', incident: 1, action, note: '' };
          applyHumanEvent(state, event);
          expected = statusAfter(expected ?? 'open', action) ?? expected;
          const [view] = viewIncidents(state, i);
          expect(view?.status).toBe(expected);
          expect(view?.legal).toEqual(legalActions(expected ?? 'open'));
          // A resolved incident has its time, an open one has none.
          expect(view?.resolvedAt !== null).toBe(view?.status === 'resolved');
        });
      }),
    );
  });
});
