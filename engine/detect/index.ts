/** The door of the detectors: load them, open a pool, feed it ranges. */
export { loadDetectors, locateDetector } from './load.ts';
export { configure } from './configure.ts';
export type { AskedDetector } from './configure.ts';
export type { BuiltIn, LoadedDetector, LoadOptions } from './load.ts';
export type { DetectorMetadata } from './contract.ts';
export { testDetectorFile } from './testing/file.ts';
export { openDetectorPool } from './pool.ts';
export type { DetectorPool, PoolOptions } from './pool.ts';
export type { DetectorOutput, DetectorTotals } from './merge.ts';
export type { DetectorFailure, DetectorRange } from './protocol.ts';
