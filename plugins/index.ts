/** Every bundled detector, by name: a new one is added here, and nothing is found by searching. */

export interface BundledDetector {
  readonly id: string;
  /** URL of the built module; workers load it themselves. */
  readonly url: string;
}

const ids = [
  'threshold',
  'zscore',
  'general',
  'seasonal',
  'holt-winters',
  'tail-likelihood',
  'change-point',
  'bayesian-change-point',
  'random-cut-forest',
  'error-burst',
  'log-template',
  'slo-burn',
  'missing-signal',
  'resource-trend',
  'retry-amplification',
  'own-latency',
  'skeleton',
  'null',
  'constant',
  'random',
  'seasonal-naive',
] as const;

export const builtIns: readonly BundledDetector[] = ids.map((id) => ({ id, url: builtModule(id) }));

/**
 * What a run uses when its scenario says `detectors: default`: what users lose, what services say, where
 * time goes, and what is about to run out or has gone silent. Detectors of any single series find every
 * change, and most changes harm nobody. README.md has how it was chosen.
 */
export const defaultDetectors: readonly string[] = [
  'threshold',
  'error-burst',
  'slo-burn',
  'own-latency',
  'resource-trend',
  'missing-signal',
  'retry-amplification',
];

/** Threads run built code: from source (tests) that is under `dist/`, and the build precedes them. */
function builtModule(id: string): string {
  const here = import.meta.url;
  const folder = here.endsWith('.ts')
    ? here.replace(/\/plugins\/index\.ts$/, '/dist/plugins/')
    : here.replace(/index\.js$/, '');
  return `${folder}${id}/detector.js`;
}
