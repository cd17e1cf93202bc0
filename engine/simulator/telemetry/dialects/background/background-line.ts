/** A line that has nothing to do with requests. */
export interface BackgroundLine {
  /** Relative frequency. */
  readonly weight: number;
  readonly severity: number;
  /** Has slots, see slots.ts. */
  readonly message: string;
  /** Has slots too. */
  readonly stack?: string;
  readonly logger?: string;
  /** Written as it is: it went past the logger, or was cut on its way. */
  readonly verbatim?: boolean;
  /** Tells of something that a service may really have: then it is left out, the truth is told. */
  readonly about?: 'memory' | 'clock';
}

/** Most lines are no more than this. */
export function every(weight: number, severity: number, message: string): BackgroundLine {
  return { weight, severity, message };
}
