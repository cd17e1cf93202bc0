/** The door of the detectors: load them, open a pool, feed it ranges. */
export { loadDetectors, locateDetector } from './load.ts';
export { hashCode } from './code-hash.ts';
export type { CodeHash } from './code-hash.ts';
export { configure } from './configure.ts';
export type { AskedDetector } from './configure.ts';
export type { BuiltIn, LoadedDetector, LoadOptions } from './load.ts';
export type { DetectorMetadata } from './contract.ts';
export { examplesBeside } from './testing/examples-file.ts';
export { testDetectorFile } from './testing/file.ts';
export type { TestedFile } from './testing/file.ts';
export { openDetectorPool } from './pool.ts';
export type { DetectorPool, PoolOptions } from './pool.ts';
export type { DetectorTotals } from './account.ts';
export type { DetectorOutput } from './merge.ts';
export type { DetectorFailure, DetectorRange } from './protocol.ts';
