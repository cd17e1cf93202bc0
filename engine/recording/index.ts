/** The door of recordings: made ready once, then replayed as a source. */
export { createCacheSource } from './cache-source.ts';
export { prepareRecording } from './prepare.ts';
export type { PrepareOptions, PrepareProgress, PreparedRecording } from './prepare.ts';
export type { RecordingReport } from './cache-file.ts';
export type { Rejection } from './intake.ts';
export { importRecording } from './import/import-recording.ts';
export type { ImportOptions, ImportRequest, Imported } from './import/import-recording.ts';
export { datasetCases, type Dataset, type DatasetCases } from './import/dataset-cases.ts';
export type { Draft } from './import/draft.ts';
