/** Time honesty: an answer at `t` does not change when everything after `t` is taken away. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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
