/** Ctrl+C and its relatives during a run: the first stores what is under way, the second ends at once. */
import { ExitCode } from '../engine/errors.ts';
import type { RunControl } from '../engine/replay/index.ts';
import type { Io, StopSignal } from './io.ts';

/** Milliseconds in which a second signal counts as the same: npm and npx send it twice. */
const sameSignalMs = 1_000;

export interface Interruption {
  /** The signal that stopped the run; null where none did. */
  signal(): StopSignal | null;
  stopListening(): void;
}

export function interruptOnSignal(
  io: Io,
  run: RunControl & { interrupt(reason: string): void },
  say: (text: string) => void,
): Interruption {
  let first: { readonly signal: StopSignal; readonly at: number } | null = null;
  const stopListening = io.onSignal((signal) => {
    const at = io.monotonic();
    if (first === null) {
      first = { signal, at };
      say('stopping, storing what is under way (Ctrl+C again to force)');
      run.interrupt(`stopped by ${signal}`);
    } else if (at - first.at > sameSignalMs) {
      io.exitNow(exitCodeOfSignal(signal));
    }
  });
  return { signal: () => first?.signal ?? null, stopListening };
}

/** A hang-up is a request to end like any other. */
export function exitCodeOfSignal(signal: StopSignal | null): number {
  return signal === null || signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated;
}
