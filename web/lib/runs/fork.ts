import { formatClock } from '../format/time.ts';
import type { ForkOrigin } from '../../../engine/query/types.ts';

/** What tells a fork from its parent, whose title it has: `fork of shop-1 at T+12:30: rollback:payments`. */
export function forkText({ run, at, actions }: ForkOrigin): string {
  const done = actions.length > 0 ? `: ${actions.join(', ')}` : '';
  return `fork of ${run} at T+${formatClock(at)}${done}`;
}
