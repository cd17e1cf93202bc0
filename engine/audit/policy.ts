/** The constants that an audit decides by, with their reasons. Times in µs. */
const minuteUs = 60_000_000;

export const auditPolicy = {
  /** A budget that goes this many times too fast for a minute pages people everywhere. */
  burnFactor: 10,
  burnUs: minuteUs,
  /** Bad requests below which a ratio may be chance. */
  badMin: 5,

  /** Clues that lead to the cause each by evidence of its own, and the streams they come from. */
  cluesMin: 3,
  clueStreamsMin: 2,
  /** Red herrings from difficulty 2 on; more than the upper number is noise, not a puzzle. */
  herringsMin: 2,
  herringsMax: 4,

  /** Two runs are compared minute by minute. */
  compareUs: minuteUs,
  /** Counts differ when further apart than so many standard deviations of a Poisson count. */
  countSigmas: 4,
  /** Latencies, and values of a series, differ from this share of the smaller one on. */
  valueShare: 0.25,
  latencyUsMin: 1_000,
  /** Requests of a minute before its mean time is compared. */
  latencyRequestsMin: 100,

  /** The z-score's window after the first impact on a service; its baseline is all that was before the first fault. */
  zWindowUs: 5 * minuteUs,
  /** A standard deviation is at least this share of the mean: a still series is not infinitely surprising. */
  zMeanShare: 0.05,
  /** Points of a baseline before it counts. */
  zBaselineMin: 3,
  /** So many lines of one new error within a minute are no stray ones. */
  burstLines: 3,
  burstLinesUs: minuteUs,

  /** An action makes a difference from this many lost minutes, and this share of those left to lose. */
  actionMinutesMin: 0.1,
  actionShare: 0.1,

  /** What the library takes. */
  libraryDurationUsMin: 20 * minuteUs,
  libraryDurationUsMax: 60 * minuteUs,
  libraryServicesMin: 6,
  libraryServicesMax: 15,
  libraryUsersPerSecondMin: 30,
} as const;

/**
 * The least standard deviation of a series by its unit, for those that stand still: a hundredth of a
 * share, a millisecond, a tenth of a request per second, a mebibyte; of what is counted, one.
 */
export function deviationFloor(unit: string): number {
  return floors[unit] ?? 1;
}

const floors: Readonly<Record<string, number>> = {
  '1': 0.01,
  s: 0.001,
  ms: 1,
  '{request}/s': 0.1,
  By: 1024 * 1024,
  'By/s': 64 * 1024,
};
