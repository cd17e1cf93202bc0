/** Watches that plugin code returns. */
import { limits } from '../limits.ts';
import { momentText } from '../wording.ts';
import type { PluginProcess } from './plugin-process.ts';

/** How often the watchdog looks, ms. */
export const watchEveryMs = 100;

/** Why a detector counts as hung, asked at each look; null while it does not. */
export type IsHung = (lookedMs: number) => string | null;

/**
 * Looks until something hangs or the watch is stopped. Time is counted in looks and not by the clock:
 * while this process is stopped, or the machine too busy to run it, the detector gets no time either.
 */
export function watch(isHung: IsHung, onHung: (reason: string) => void): () => void {
  let lookedMs = 0;
  const timer = setInterval(() => {
    lookedMs += watchEveryMs;
    const reason = isHung(lookedMs);
    if (reason !== null) onHung(reason);
  }, watchEveryMs);
  return () => clearInterval(timer);
}

export const hungReason = `it did not return within ${limits.detectorHookMsMax} ms`;
const idleReason = `it did not return within ${limits.detectorIdleMsMax} ms, hardly working`;
const loadReason = `it did not load within ${limits.detectorLoadMsMax} ms`;
const waitsReason =
  'it waits for something while it loads: a top-level await that nothing resolves?';
/** Processor time, ms, that says that a module still loads; a process that only waits takes less. */
const workingMs = 50;

/**
 * Hung is a process that works for too long without getting on. Counted in the process's own time, which
 * a busy machine does not add to; where the system does not tell it, looks have to do.
 */
export function stillnessOf(plugin: PluginProcess): IsHung {
  let calls: number | undefined;
  let since: { lookedMs: number; cpuMs: number | null } = { lookedMs: 0, cpuMs: null };
  return (lookedMs) => {
    const cpuMs = plugin.cpuMs();
    const now = plugin.doing()?.calls;
    if (now !== calls || lookedMs <= watchEveryMs) {
      calls = now;
      since = { lookedMs, cpuMs };
      return null;
    }
    const stillMs = lookedMs - since.lookedMs;
    const workedMs = cpuMs === null || since.cpuMs === null ? stillMs : cpuMs - since.cpuMs;
    if (workedMs >= limits.detectorHookMsMax) return hungReason;
    return stillMs >= limits.detectorIdleMsMax ? idleReason : null;
  };
}

/** A module may take its time to load; once its hooks run they are watched like any. */
export function slownessOf(plugin: PluginProcess): IsHung {
  const isStill = stillnessOf(plugin);
  let workedMs = 0;
  let workedAt = 0;
  return (lookedMs) => {
    const hook = plugin.doing()?.hook ?? 'load';
    const still = isStill(lookedMs);
    if (hook !== 'load') return still;
    const cpuMs = plugin.cpuMs();
    if (cpuMs === null || cpuMs - workedMs >= workingMs) {
      workedMs = cpuMs ?? 0;
      workedAt = lookedMs;
    }
    if (lookedMs - workedAt >= limits.detectorIdleMsMax) return waitsReason;
    return lookedMs >= limits.detectorLoadMsMax ? loadReason : null;
  };
}

/** `log at about T+04:10`; where a process was when it ended. */
export function whereIn(plugin: PluginProcess): { readonly hook: string; readonly at: string } {
  const doing = plugin.doing();
  if (doing === null) return { hook: 'load', at: '' };
  const { hook, t } = doing;
  return { hook, at: hook === 'load' || hook === 'init' ? '' : `, at about ${momentText(t)}` };
}
