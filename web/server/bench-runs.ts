/** Runs that play what a benchmark played: the same scenario, seed and detectors. */
import { createHash } from 'node:crypto';
import { recipeOf, type RecipeDetector, type RunReader } from '../../engine/query/index.ts';
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
  const { seed, inputs, detectors, engineVersion } = recipeOf(run);
  if (inputs.length > 0) return null;
  const texts = detectors.map(textOf).join(', ');
  return keyOfPlay({ engineVersion, itemHash: itemHashOf(hash), seed, detectors: texts });
}

export function keyOfPlay({ engineVersion, itemHash, seed, detectors }: PlayKey): string {
  // Their order never changes a result.
  return JSON.stringify([engineVersion, itemHash, seed, detectorTexts(detectors).toSorted()]);
}

/** As `outageItem` of the benchmark makes it for a simulated scenario. */
function itemHashOf(scenarioHash: string): string {
  return createHash('sha256').update(`${scenarioHash} `).digest('hex');
}

function textOf({ name, config }: RecipeDetector): string {
  const options = Object.entries(config).map(([option, value]) => `${option}=${value}`);
  return options.length === 0 ? name : `${name}:${options.join(',')}`;
}
