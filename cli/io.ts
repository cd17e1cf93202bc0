/** The only place that touches the process: commands get an `Io`, tests give them a fake one. */
import { availableParallelism } from 'node:os';

export interface OutputStream {
  write(text: string): void;
  readonly isTty: boolean;
  /** Columns of the terminal; 80 where unknown. */
  readonly columns: number;
}

export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  /** Processor cores that may be used. */
  readonly cores: number;
  /** Wall clock, ms since the Unix epoch. */
  now(): number;
  /** Monotonic clock, ms. */
  monotonic(): number;
  /** Calls back on SIGINT, SIGTERM and SIGHUP; returns how to stop listening. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void): () => void;
  /** Ends the process at once, for a second Ctrl+C. */
  exitNow(code: number): void;
}

export function processIo(): Io {
  const output = (stream: NodeJS.WriteStream): OutputStream => {
    // `workbench … | head`: the reader has left, which is no error of ours.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
    return {
      write: (text) => void stream.write(text),
      get isTty() {
        return stream.isTTY === true;
      },
      get columns() {
        return stream.columns || 80;
      },
    };
  };
  return {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    pid: process.pid,
    cores: availableParallelism(),
    now: () => Date.now(),
    monotonic: () => performance.now(),
    onSignal(listener) {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
    exitNow: (code) => process.exit(code),
  };
}
