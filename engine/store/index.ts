export { sqliteVersion, storageError, tryDatabase } from './database.ts';
export type { Connection } from './database.ts';
export type { Level } from './schema.ts';
export type { DetectorDescription } from './run-file.ts';
export { refuseForeign, removeRunFile } from './remove.ts';
export { sealClosedRun } from './seal.ts';
export { WriterLink } from './writer-link.ts';
export type {
  Commit,
  DetectorTotal,
  EngineEvents,
  MeasuredTruth,
  RunEnd,
  ScoreStep,
  WorldCheckpoint,
} from './model.ts';
