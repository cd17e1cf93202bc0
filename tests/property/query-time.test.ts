/** Time honesty: an answer at `t` does not change when everything after `t` is taken away. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stretchesOf, uptimeOf } from '../../engine/health/index.ts';
import { healthStates, type HealthEvent, type HealthWindow } from '../../engine/health/model.ts';
import {
  humanActions,
  incidentSeverities,
  type HumanEvent,
  type IncidentEvent,
} from '../../engine/incident/index.ts';
import { openRun, questions } from '../../engine/query/index.ts';
import { bucketUs } from '../../engine/store/schema.ts';
import { makeRunFile, withFolder, type RunFileInput } from '../support/run-file.ts';

const serviceCount = 3;
const time = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map((n) => n * bucketUs),
  fc.integer({ min: 0, max: 120_000_000 }),
);
const service = fc.integer({ min: 0, max: serviceCount - 1 });
const figure = fc.option(fc.integer({ min: 0, max: 100 }).map((n) => n / 100));
const figures = fc.record({ requestRate: figure, errorRatio: figure, latencyP95: figure });
const inOrder = <T extends { readonly t: number }>(rows: T[]): T[] =>
  rows.sort((a, b) => a.t - b.t);

const severity = fc.constantFrom(...incidentSeverities);
const incidentEvent: fc.Arbitrary<IncidentEvent> = fc
  .tuple(
    time,
    fc.integer({ min: 1, max: 3 }),
    fc.oneof(
      fc.record({ kind: fc.constant('opened' as const), title: fc.string(), severity }),
      fc.record({
        kind: fc.constant('alert-firing' as const),
        fingerprint: fc.constantFrom('zscore:web', 'zscore:db'),
        detector: fc.constant('zscore'),
        service: fc.option(service),
        since: fc.integer({ min: 0, max: 1_000_000 }),
        body: fc.string(),
        score: fc.constant(0.7),
      }),
      fc.record({
        kind: fc.constant('alert-resolved' as const),
        fingerprint: fc.constant('zscore:web'),
      }),
      fc.record({ kind: fc.constant('service-affected' as const), service }),
      fc.record({ kind: fc.constant('severity-changed' as const), severity, reason: fc.string() }),
      fc.record({ kind: fc.constant('auto-resolved' as const), reason: fc.string() }),
      fc.record({ kind: fc.constant('reopened' as const), reason: fc.string() }),
    ),
  )
  .map(([t, incident, rest]) => ({ t, incident, ...rest }));
const healthEvent: fc.Arbitrary<HealthEvent> = fc.record({
  t: time,
  service,
  state: fc.constantFrom(...healthStates),
  reason: fc.string(),
  figures,
});
const humanEvent: fc.Arbitrary<HumanEvent> = fc.record({
  t: time,
  wallUnixMs: fc.constant(1),
  actor: fc.constant('ada'),
  incident: fc.integer({ min: 1, max: 3 }),
  action: fc.constantFrom(...humanActions),
  note: fc.string(),
});
const windows: fc.Arbitrary<HealthWindow[]> = fc.uniqueArray(
  fc.record({
    service,
    bucket: fc.integer({ min: 0, max: 11 }),
    figures,
    state: fc.constantFrom(...healthStates),
  }),
  { selector: (w) => w.bucket * 10 + w.service, maxLength: 20 },
);

const runs: fc.Arbitrary<RunFileInput> = fc
  .record({
    logs: fc.array(
      fc.record({
        t: time,
        service,
        severity: fc.integer({ min: 1, max: 24 }),
        body: fc.string(),
      }),
      { maxLength: 60 },
    ),
    samples: fc.uniqueArray(time, { maxLength: 40 }),
    changes: fc.array(
      fc.record({ t: time, service, kind: fc.constant('deploy'), note: fc.string() }),
      { maxLength: 5 },
    ),
    findings: fc.array(
      fc.record({
        t: time,
        detector: fc.constant(0),
        subject: fc.constantFrom('web', 'db'),
        service: fc.option(service),
        severity: fc.constantFrom('warning', 'critical'),
      }),
      { maxLength: 30 },
    ),
    incidentEvents: fc.array(incidentEvent, { maxLength: 40 }),
    healthEvents: fc.array(healthEvent, { maxLength: 20 }),
    humanEvents: fc.array(humanEvent, { maxLength: 6 }),
    windows,
    keyframesAt: fc.uniqueArray(time, { maxLength: 5 }),
  })
  .map((drawn) => ({
    services: [{ name: 'web', entry: true }, { name: 'cart' }, { name: 'db' }],
    dependencies: [
      [0, 1],
      [1, 2],
    ],
    durationUs: 125_000_000,
    detectors: ['zscore'],
    series: [{ service: 0, name: 'queue' }],
    logs: inOrder(drawn.logs),
    samples: drawn.samples.sort((a, b) => a - b).map((t) => [0, t, Math.sin(t)] as const),
    changes: inOrder(drawn.changes),
    findings: inOrder(drawn.findings),
    incidentEvents: inOrder(drawn.incidentEvents),
    healthEvents: inOrder(drawn.healthEvents),
    humanEvents: inOrder(drawn.humanEvents),
    windows: drawn.windows,
    keyframesAt: drawn.keyframesAt,
  }));

/** The same run as it would be if nothing had happened after `t`. */
function upTo(run: RunFileInput, t: number): RunFileInput {
  const past = <T extends { readonly t: number }>(rows: readonly T[] = []): T[] =>
    rows.filter((row) => row.t <= t);
  return {
    ...run,
    logs: past(run.logs),
    samples: (run.samples ?? []).filter((sample) => sample[1] <= t),
    changes: past(run.changes),
    findings: past(run.findings),
    incidentEvents: past(run.incidentEvents),
    healthEvents: past(run.healthEvents),
    humanEvents: past(run.humanEvents),
    windows: (run.windows ?? []).filter((window) => (window.bucket + 1) * bucketUs <= t),
    keyframesAt: (run.keyframesAt ?? []).filter((at) => at <= t),
  };
}

function answersOf(file: string, t: number): unknown {
  const run = openRun(file);
  try {
    const { answer: state } = questions.state;
    const now = state(run, { t });
    return {
      now,
      logs: questions.logs.answer(run, { t, limit: 20 }),
      problems: questions.logs.answer(run, { t, level: 'warn,error', service: 'web,db' }),
      histogram: questions.histogram.answer(run, { t, buckets: 50 }),
      byService: questions.histogram.answer(run, { t, buckets: 50, service: 'db' }),
      markers: questions.markers.answer(run, { t }),
      samples: questions.samples.answer(run, { t, series: '0', points: 12 }),
      services: questions.services.answer(run, { t }),
      insights: questions.insights.answer(run, { t }),
      traffic: questions.traffic.answer(run, { t }),
      before: (['mark', 'incident', 'record'] as const).map((kind) =>
        questions.neighbour.answer(run, { t, kind, direction: 'previous' }),
      ),
      incidents: now.incidents.map(({ id }) => questions.incident.answer(run, { t, id })),
    };
  } finally {
    run.close();
  }
}

describe('answers at a playhead', () => {
  test('stay the same without the rows after it', () => {
    fc.assert(
      fc.property(runs, time, (run, t) => {
        withFolder((folder) => {
          const whole = answersOf(makeRunFile(join(folder, 'whole.db'), run), t);
          const past = answersOf(makeRunFile(join(folder, 'past.db'), upTo(run, t)), t);
          expect(past).toEqual(whole);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('do not depend on where the keyframes are', () => {
    fc.assert(
      fc.property(runs, time, (run, t) => {
        withFolder((folder) => {
          const seek = answersOf(makeRunFile(join(folder, 'seek.db'), run), t);
          const fold = answersOf(
            makeRunFile(join(folder, 'fold.db'), { ...run, keyframesAt: [] }),
            t,
          );
          expect(seek).toEqual(fold);
        });
      }),
      { numRuns: 40 },
    );
  });
});

test('uptime and history of a long run are those of its last day', () => {
  const hour = 3_600_000_000;
  const states = fc.array(
    fc.record({ hour: fc.integer({ min: 0, max: 72 }), state: fc.constantFrom(...healthStates) }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(states, fc.integer({ min: 1, max: 72 }), (drawn, at) => {
      withFolder((folder) => {
        const nothing = { requestRate: null, errorRatio: null, latencyP95: null };
        const healthEvents = inOrder(
          drawn.map(({ hour: h, state }) => ({
            t: h * hour,
            service: 0,
            state,
            reason: '',
            figures: nothing,
          })),
        );
        const input = { services: [{ name: 'web' }], durationUs: 72 * hour, healthEvents };
        const run = openRun(makeRunFile(join(folder, 'run.db'), input));
        const t = at * hour;
        const [card] = questions.services.answer(run, { t });
        const window = { from: Math.max(0, t - 24 * hour), to: t };
        expect(card).toMatchObject({
          uptime: uptimeOf(healthEvents, window).uptime,
          uptimeCoverage: uptimeOf(healthEvents, window).coverage,
          uptimeWindowUs: window.to - window.from,
          history: stretchesOf(healthEvents, window),
        });
        run.close();
      });
    }),
    { numRuns: 40 },
  );
});

/** The nearest of these times, strictly before or after `t`. */
function nearest(times: readonly number[], t: number, direction: 'next' | 'previous') {
  const beyond = times.filter((time) => (direction === 'next' ? time > t : time < t));
  if (beyond.length === 0) return null;
  return direction === 'next' ? Math.min(...beyond) : Math.max(...beyond);
}

describe('a jump', () => {
  test('goes where the marks of the whole run say, and tells no more than the moment', () => {
    fc.assert(
      fc.property(runs, time, fc.constantFrom('next', 'previous'), (input, t, direction) => {
        withFolder((folder) => {
          const run = openRun(makeRunFile(join(folder, 'run.db'), input));
          const all = questions.markers.answer(run, { t: 125_000_000 });
          const openings = (input.incidentEvents ?? [])
            .filter((event) => event.kind === 'opened')
            .map((event) => event.t);
          const marks = [...all.changes, ...all.findings].map((marker) => marker.t);
          const warnings = (input.logs ?? []).filter((log) => log.severity >= 13);
          const jump = (kind: 'mark' | 'incident' | 'record', level?: string) =>
            questions.neighbour.answer(run, { t, kind, direction, ...(level ? { level } : {}) });
          const at = (times: readonly number[]) => ({
            t: nearest(times, t, direction),
            searchedTo: null,
          });
          expect(jump('mark')).toEqual(at([...marks, ...openings]));
          expect(jump('incident')).toEqual(at(openings));
          expect(jump('record')).toEqual(at((input.logs ?? []).map((log) => log.t)));
          expect(jump('record', 'warn,error')).toEqual(at(warnings.map((log) => log.t)));
          run.close();
        });
      }),
      { numRuns: 60 },
    );
  });

  test('does not look past the watermark of a run that is being written', () => {
    withFolder((folder) => {
      const run = openRun(
        makeRunFile(join(folder, 'run.db'), {
          services: [{ name: 'web' }],
          durationUs: 60_000_000,
          throughUs: 5_000_000,
          state: 'running',
          logs: [1_000_000, 5_000_000].map((t) => ({ t, service: 0, severity: 9, body: 'x' })),
        }),
      );
      const next = (t: number) =>
        questions.neighbour.answer(run, { t, kind: 'record', direction: 'next' });
      expect(next(0)).toEqual({ t: 1_000_000, searchedTo: null });
      expect(next(1_000_000)).toEqual({ t: null, searchedTo: null });
      run.close();
    });
  });
});
