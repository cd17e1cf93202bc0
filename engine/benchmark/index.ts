/**
 * The door of the benchmark's scores: plain data in, plain data out. Whoever runs detectors, prints
 * tables or draws curves builds on these.
 */
export { nabResultNames, readNabFolder, readNabResults, type NabSeries } from './nab-folder.ts';
export { onsetScores, usualCadenceUs, type ScoredRows } from './onset-scores.ts';
export { nabProfileList, nabProfiles, type NabProfile } from './scores/nab-profiles.ts';
export { prepareNabRows, type NabFile, type NabRows, type RowWindow } from './scores/nab-rows.ts';
export {
  normaliseNab,
  scoreNab,
  scoreNabHeldOut,
  scoreNabOptimised,
  type NabFileScore,
  type NabInput,
  type NabScore,
} from './scores/nab.ts';
export { randomHalves, type Halves, type RandomFraction } from './statistics/shuffle.ts';
export {
  areasUnderCurves,
  precisionRecallCurve,
  type Areas,
  type CurvePoint,
} from './scores/average-precision.ts';
export { marksOfWindows, windowsAbove, windowsOfMarks } from './scores/labels.ts';
export { volumesUnderSurfaces, type Volumes } from './scores/vus.ts';
export { vusBuffer } from './scores/vus-buffer.ts';
export { rangeScore, type RangeScore } from './scores/range-f1.ts';
export { affiliation, type Affiliation } from './scores/affiliation.ts';
export { bestAffiliation, bestRangeScore, type AtBestThreshold } from './scores/best-threshold.ts';
export { pointAdjustedF1, type PointAdjusted } from './scores/point-adjust.ts';
export { calibrationOf, type Calibration, type ReliabilityBin } from './scores/calibration.ts';
export {
  alertOnsets,
  matchAlerts,
  type AlertedStream,
  type AlertRule,
  type MatchedIncident,
  type MatchSlack,
  type StreamOutcome,
  type TrueIncident,
} from './scores/events.ts';
export {
  summariseEvents,
  type Bound,
  type Delays,
  type EventSummary,
} from './scores/event-summary.ts';
export {
  bestEventPoint,
  eventCurve,
  type CurveOptions,
  type EventCurvePoint,
  type ScoredStream,
} from './scores/event-curve.ts';
export {
  bootstrapInterval,
  mean,
  type BootstrapOptions,
  type Interval,
} from './statistics/bootstrap.ts';
export { shareInterval } from './statistics/share-interval.ts';
export { mcnemarTest, permutationTest, type PermutationOptions } from './statistics/paired.ts';
export { holmCorrection } from './statistics/correction.ts';
export {
  compareDetectors,
  type Comparison,
  type DetectorPair,
  type RankedDetector,
  type ScenarioScores,
} from './statistics/compare.ts';
export {
  againstRandom,
  type AgainstRandom,
  type RandomVerdict,
} from './statistics/against-random.ts';
export { baselineIds, benchEntries, isRandomEntry } from './entries.ts';
export { benchSeries, outageItem, storedItem } from './items.ts';
export { runBenchmark, type BenchProgress } from './run.ts';
export { boardColumns, makeBoard } from './board/board.ts';
export {
  comparable,
  compareBoards,
  type BoardComparison,
  type Comparable,
  type EntryComparison,
  type FigureChange,
  type PairedChange,
} from './board/compare-boards.ts';
export { ResultsFile } from './results/results-file.ts';
export type { BenchEntry, BenchItem } from './model.ts';
export type {
  Heading,
  KeptBoard,
  MadeBoard,
  Plan,
  StoredCell,
  StoredEntry,
  StoredItem,
  StoredPlay,
  StoredSeries,
} from './results/schema.ts';
export type { Board, BoardItem, BoardRow, Column, Figure } from './board/model.ts';
export type {
  BoardDetails,
  CalibratedScores,
  CatchDelays,
  EntryDetails,
  Mistake,
  ThresholdCurve,
  ThresholdPoint,
} from './board/details.ts';
