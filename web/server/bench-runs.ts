/** Runs that play what a benchmark played: the same scenario, seed and detectors. */
import { createHash } from 'node:crypto';
import type { RunReader } from '../../engine/query/index.ts';
import { limits } from '../../engine/limits.ts';
import { detectorTexts } from './bench-places.ts';

/** What has to be the same. */
export interface PlayKey {
  readonly engineVersion: string;
  readonly itemHash: string;
  readonly seed: number;
  /** `zscore:limit=8, slo-burn`. */
  readonly detectors: string;
}

/** null of a run that nobody would want in its place. */
export function keyOfRun(run: RunReader): string | null {
  const { scenario_hash: hash, scenario_kind: kind, parent_id: parent, state } = run.run();
  // What a fork did is not of the scenario; which cache a recording was read from a run does not say.
  if (kind !== 'simulated' || parent !== null || state === 'failed' || state === 'interrupted') {
    return null;
  }
  if (run.row('SELECT 1 FROM input LIMIT 1') !== undefined) return null;
  const { seed, engine_version: engineVersion } = run.run();
  const detectors = run
    .rows<DetectorRow>(
      `SELECT name, config, options, origin FROM detector ORDER BY id LIMIT ${limits.benchmarkEntriesMax}`,
    )
    .map(textOf)
    .join(', ');
  return keyOfPlay({ engineVersion, itemHash: itemHashOf(hash), seed, detectors });
}

export function keyOfPlay({ engineVersion, itemHash, seed, detectors }: PlayKey): string {
  // Their order never changes a result.
  return JSON.stringify([engineVersion, itemHash, seed, detectorTexts(detectors).toSorted()]);
}

/** As `outageItem` of the benchmark makes it for a simulated scenario. */
function itemHashOf(scenarioHash: string): string {
  return createHash('sha256').update(`${scenarioHash} `).digest('hex');
}

interface DetectorRow {
  readonly name: string;
  /** JSON: the value of every option. */
  readonly config: string;
  /** JSON: its options, each with its default. */
  readonly options: string;
  readonly origin: string;
}

/** As a benchmark names a detector: options that differ from what they are by default. */
function textOf({ name, config, options, origin }: DetectorRow): string {
  const known = objectOf(options);
  const changed = Object.entries(objectOf(config)).filter(
    ([option, value]) => objectOf(known[option])['default'] !== value,
  );
  const word = origin === 'built-in' ? name : origin;
  const values = changed.map(([option, value]) => `${option}=${String(value)}`);
  return values.length === 0 ? word : `${word}:${values.join(',')}`;
}

/** JSON of a run file, or a part of it; what is no object has nothing in it. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}
