/**
 * Log lines of the last windows. Ten seconds of a quiet log are too few lines to judge, so as many
 * windows are looked at together as it takes, up to a bound.
 */
import { healthPolicy as policy } from './policy.ts';

export interface LineCount {
  readonly lines: number;
  readonly errorLines: number;
}

/** From this many lines on, a share at the limit is enough error lines. */
const linesEnough = Math.ceil(policy.errorLogsMin / policy.errorLogShare);

/** Takes in the lines of one window, which may be none; the oldest window makes room. */
export function remember(recent: LineCount[], { lines, errorLines }: LineCount): void {
  recent.push({ lines, errorLines });
  if (recent.length > policy.errorLogWindows) recent.shift();
}

/** A high share of very few lines may be chance; a low one is reason enough to call it low. */
export function isTooFew({ lines, errorLines }: LineCount): boolean {
  return errorLines < policy.errorLogsMin && errorLines >= policy.errorLogShare * lines;
}

/** The lines of the newest windows, of no more than are needed to judge. */
export function recentLines(recent: readonly LineCount[]): LineCount {
  let lines = 0;
  let errorLines = 0;
  for (const window of recent.toReversed()) {
    lines += window.lines;
    errorLines += window.errorLines;
    if (lines >= linesEnough || errorLines >= policy.errorLogsMin) break;
  }
  return { lines, errorLines };
}
