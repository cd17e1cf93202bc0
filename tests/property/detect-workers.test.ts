/** Any number of workers, and any cut of the ranges, gives the same bytes; real threads. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadDetectors, openDetectorPool, type LoadedDetector } from '../../engine/detect/index.ts';
import { logs, noise, points, type SceneRecord } from '../../engine/detect/testing/index.ts';
import { batchesOf, film, type Scene } from '../../engine/detect/testing/scene.ts';
import { BatchReader } from '../../engine/replay/batch.ts';
import { stepsWithin } from '../../engine/templates/index.ts';
import { builtIns } from '../../plugins/index.ts';
import { tries } from '../support/effort.ts';

const cwd = process.cwd();
const detectors = await loadDetectors(
  builtIns.map(({ id }) => ({ id, config: {} })),
  { builtIns, cwd },
);

/** A few services with noise, and an outage somewhere in one of them. */
function outage(seed: number, services: number, from: number): Scene {
  const records = Array.from({ length: services }, (_, i): SceneRecord[] => {
    const service = `s${i}`;
    const bad = i === seed % services;
    const values = noise({ mean: 0.2, deviation: 0.02, count: 60, seed: seed + i });
    return [
      ...logs({ service, perSecond: 1, from: 0, to: 600 }),
      ...(bad
        ? logs({ service, perSecond: 4, from, to: from + 60, severity: 17, body: 'timeout' })
        : []),
      ...points({
        service,
        metric: 'p95',
        role: 'latency_p95',
        every: 10,
        values: values.map((value, k) => (bad && k * 10 >= from ? value * 8 : value)),
      }),
      ...points({
        service,
        metric: 'pool',
        role: 'saturation',
        every: 10,
        values: values.map((value, k) => (bad && k * 10 >= from ? 1 : value)),
      }),
    ];
  }).flat();
  return { seconds: 600, records };
}

async function play(
  scene: Scene,
  given: { readonly workers: number; readonly cuts: number; readonly seed: number },
): Promise<{ readonly said: string; readonly findings: number }> {
  const filmed = film(scene);
  const batches = batchesOf(filmed, 1000);
  const chosen: readonly LoadedDetector[] = detectors;
  const pool = await openDetectorPool({
    detectors: chosen,
    workers: given.workers,
    slots: batches.map((batch) => batch.slot),
    header: filmed.header,
    seed: given.seed,
  });
  try {
    const pending = batches.flatMap((batch, slot) => {
      const reader = new BatchReader(batch.slot);
      reader.open(batch);
      const first = reader.columns.t[0] ?? 0;
      let from = 0;
      return Array.from({ length: given.cuts + 1 }, (_, i) => {
        const share = (i + 1) / (given.cuts + 1);
        const through =
          i === given.cuts ? batch.through : first + Math.floor((batch.through - first) * share);
        const to = i === given.cuts ? batch.count : reader.indexAt(through, from);
        const { count, textBytes } = batch;
        const templates = stepsWithin(batch.templates, from, to);
        const range = { slot, sequence: slot, count, textBytes, templates, from, to, through };
        from = to;
        return pool.process(range);
      });
    });
    const outputs = [...(await Promise.all(pending)), await pool.finish(filmed.durationUs)];
    const findings = outputs.flatMap((output) => output.findings);
    const scores = outputs.flatMap((output) => output.scores);
    const failures = outputs.flatMap((output) => output.failures);
    const said = JSON.stringify({ findings, scores, failures, totals: pool.totals() });
    return { said, findings: findings.length };
  } finally {
    await pool.close();
  }
}

test('workers and cuts never change what is said', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 25, max: 50 }),
      fc.integer({ min: 1, max: 5 }),
      async (seed, services, tens, cuts) => {
        const scene = outage(seed, services, tens * 10);
        const one = await play(scene, { workers: 1, cuts: 0, seed });
        // A scene in which nothing is said would prove nothing.
        expect(one.findings).toBeGreaterThan(0);
        for (const workers of [1, 2, 4]) {
          const other = await play(scene, { workers, cuts, seed });
          expect(other.said).toBe(one.said);
        }
      },
    ),
    { numRuns: tries(5) },
  );
});
