/**
 * Loggers that protect themselves: each instance writes a kind of line at most so often, and then
 * says how many it left out. Access lines are never limited; they are what operators count.
 */
import type { Plan } from '../plan.ts';
import type { World } from '../world.ts';

/** Kinds of lines that are limited. */
export const Template = {
  retry: 0,
  slowLease: 1,
  fallback: 2,
  failure: 3,
  rejected: 4,
  slowQuery: 5,
  probe: 6,
  lock: 7,
} as const;
export const templateCount = 8;

const linesPerWindow = 8;
/** A window lasts ten ticks; instances did not start at the same moment, so each has its own tick. */
const ticksPerWindow = 10;
export const limiterTickUs = 1_000_000;

/** Whether an instance may write one more line of a template; counts it where it may not. */
export function mayWrite({ telemetry }: World, instance: number, template: number): boolean {
  if (!telemetry) return false;
  const i = instance * templateCount + template;
  const lines = (telemetry.lines[i] as number) + 1;
  telemetry.lines[i] = lines;
  if (lines <= linesPerWindow) return true;
  telemetry.suppressed[i] = (telemetry.suppressed[i] as number) + 1;
  return false;
}

/** Ends the windows that end now: says what was left out, and starts to count anew. */
export function endWindows(
  plan: Plan,
  { telemetry, clock }: World,
  say: (instance: number, template: number, count: number) => void,
): void {
  if (!telemetry) return;
  const tick = ((clock[0] as number) / limiterTickUs) % ticksPerWindow;
  const instances = plan.instanceService.length;
  for (let instance = tick; instance < instances; instance += ticksPerWindow) {
    const from = instance * templateCount;
    for (let template = 0; template < templateCount; template++) {
      const count = telemetry.suppressed[from + template] as number;
      if (count > 0) say(instance, template, count);
    }
    telemetry.lines.fill(0, from, from + templateCount);
    telemetry.suppressed.fill(0, from, from + templateCount);
  }
}
