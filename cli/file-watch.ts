/**
 * Tells when files have changed. By looking, not by the system's events: editors save by writing, by
 * renaming and by removing first, and containers and shared folders tell of none of it.
 */
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FileWatch {
  /** The files as they are now; asked at each look, for what they import may change too. */
  readonly files: () => readonly string[];
  /** As they were when they were last used: what is saved meanwhile is a change too. */
  readonly since: string;
  readonly everyMs?: number;
  readonly signal: AbortSignal;
}

const lookEveryMs = 200;

/**
 * Resolves with true when the files have changed and been left alone for one look, so that half a save is
 * none; with false when the signal came first.
 */
export async function filesChanged({
  files,
  since,
  everyMs = lookEveryMs,
  signal,
}: FileWatch): Promise<boolean> {
  for (let last = since; ;) {
    try {
      await sleep(everyMs, undefined, { signal });
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
    const now = lookAt(files());
    if (now !== since && now === last) return true;
    last = now;
  }
}

/** One text for what is there; a file that is gone or may not be looked at is part of it. */
export function lookAt(files: readonly string[]): string {
  return files
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat ? `${file} ${stat.size} ${stat.mtimeMs} ${stat.ino}` : `${file} gone`;
    })
    .join('\n');
}
