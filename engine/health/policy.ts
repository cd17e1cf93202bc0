/** The constants that decide health, with their reasons. Times in µs, latencies in seconds. */
export const healthPolicy = {
  /** Half of the requests failing: for users the service is gone. */
  downErrorRatio: 0.5,
  /** Ten times the error budget of an ordinary 99.5 % objective. */
  degradedErrorRatio: 0.05,
  /** A service that always fails some requests is unwell from this many times its usual odds. */
  errorOdds: 3,
  /** Natural powers by which windows together must rule out chance before a failed share counts. */
  sureness: 4,
  /** p95 counts as slow above `max(factor × baseline, baseline + margin)`: both must be exceeded. */
  latencyFactor: 3,
  /** Three times two milliseconds is no outage; people notice about this much. */
  latencyMarginSeconds: 0.05,
  /** Requests that a point must stand for to decide alone: one of two is chance, minutes of it are not. */
  requestsMin: 5,
  /** Requests beyond a quantile before it is judged: the p95 of ten is their slowest one. */
  tailRequestsMin: 2,
  /** A baseline needs this many healthy points, and keeps at most that many. */
  baselinePointsMin: 3,
  baselinePointsMax: 40,
  /** At most one point per this time is learned, so that a slow rise does not become normal. */
  baselineSpacingUs: 30_000_000,
  /** A service's usual errors: what three of four points stay within, for failures come in clusters. */
  errorQuantile: 0.75,
  /** Share of what is known that one episode adds once it is over: an outage is not usual, its third return is. */
  episodeShare: 1 / 8,
  /** Consecutive windows above the latency limit before one counts as slow; of a slow series two points. */
  slowWindows: 2,
  /** Consecutive bad windows before a service gets worse, and good ones before it gets better. */
  windowsToWorsen: 2,
  windowsToImprove: 3,
  /** A service that gets worse this soon after it got better was not well: five minutes of windows. */
  probationWindows: 30,
  /** Each such return doubles the good windows that it takes to get better, up to three minutes. */
  windowsToImproveMax: 18,
  /** A point stands for its series this many cadences long; a jittered next point is not a gap. */
  carryCadences: 2.5,
  /** Without a point for this many cadences nothing is known. */
  unknownCadences: 3,
  /** Cadence of a series that states none, and of a service known by its logs only. */
  fallbackCadenceUs: 60_000_000,
  /** Share of error lines, and how many at least, that count as heavy error logging. */
  errorLogShare: 0.3,
  errorLogsMin: 10,
  /** Windows of a quiet log that are judged together: after as long without a line nothing is known. */
  errorLogWindows: 18,
  /** A service that always logs errors is judged by its own baseline. */
  errorLogFactor: 3,
  /** Requests per second below which "the requests stopped" cannot be told from a quiet moment. */
  stoppedRateMin: 1,
  /** Share of its usual rate that a caller must keep for "callers still call". */
  callerRateShare: 0.5,
} as const;
