/** The constants that turn findings into alerts and alerts into incidents, with reasons. µs. */
export const incidentPolicy = {
  /** A condition must hold this long before it alerts; a blink is not worth a page. */
  forUs: 20_000_000,
  /** A pending alert without a new finding for this long is forgotten (or 2.5 cadences, if longer). */
  pendingUs: 60_000_000,
  /** A firing alert ends after this long without a finding, so that it does not flap … */
  keepFiringUs: 120_000_000,
  /** … or after this many cadences, where its subject speaks more rarely. */
  keepFiringCadences: 2.5,
  /** An alert less sure than this joins incidents but opens none, unless its service is unwell. */
  openScore: 0.5,
  /** An alert joins an incident whose last activity is at most this old. */
  joinUs: 300_000_000,
  /** An incident resolves by itself after this long without alerts and with healthy services … */
  quietUs: 300_000_000,
  /** … or this many cadences of its slowest alert. */
  quietCadences: 2,
  /** The same services firing again within this time reopen it. */
  reopenUs: 600_000_000,
  /** Severity goes up at once, and down after the lower one has held this long. */
  lowerSeverityUs: 120_000_000,
  /** A better title must hold this long, and a title stays at least this long. */
  titleUs: 60_000_000,
  /** A figure in the title is brought up to date when it has grown by this factor. */
  titleFigureFactor: 1.5,
  /** UTF-16 units of a title: a sentence about a service with a long name. */
  titleCharsMax: 120,
} as const;
