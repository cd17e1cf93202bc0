/** The address of a run at a moment. */
import type { Micros } from '../../../engine/sdk/index.ts';
import { formatPlayhead } from '../format/time.ts';

export function runHref(run: string, tUs: Micros): string {
  return `/runs/${encodeURIComponent(run)}?t=${formatPlayhead(tUs)}`;
}
