/** What came of one check. */
export interface CheckResult {
  readonly name: string;
  readonly pass: boolean;
  /** Why not; '' where it passes. */
  readonly reason: string;
  /** What to do about it; '' where it passes. */
  readonly hint: string;
}
