/** The only place that touches the process: commands get an `Io`, tests give them a fake one. */
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import {
  machineId,
  writerWhereabouts,
  type Whereabouts,
  type WriterProcess,
} from '../engine/writer-process.ts';

export interface OutputStream {
  write(text: string): void;
  /** Resolves when what was written has left, so that a slow reader does not fill the memory. */
  drained(): Promise<void>;
  readonly isTty: boolean;
  /** Columns of the terminal; 80 where unknown. */
  readonly columns: number;
}

export interface InputStream {
  readonly isTty: boolean;
  /** Asks on stderr and waits for a line; null where the input ends before one. */
  ask(question: string): Promise<string | null>;
  /** Calls back with each key, as it is pressed; returns how to stop. Only where `isTty`. */
  onKey(listener: (key: string) => void): () => void;
}

export interface Io {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** This very process. */
  readonly process: WriterProcess;
  readonly platform: string;
  readonly nodeVersion: string;
  /** How the user calls us: what a suggested command begins with. */
  readonly program: 'workbench' | 'npx workbench';
  /** Processor cores that may be used. */
  readonly cores: number;
  /** Bytes of memory that this process may still take. */
  readonly memoryAvailable: number;
  /** Wall clock, ms since the Unix epoch. */
  now(): number;
  /** Monotonic clock, ms. */
  monotonic(): number;
  /** Where the writer of a run is, whoever owns it. */
  whereabouts(writer: WriterProcess): Whereabouts;
  /** Calls back on SIGINT, SIGTERM and SIGHUP; returns how to stop listening. */
  onSignal(listener: (signal: StopSignal) => void): () => void;
  /** Ends the process at once, for a second Ctrl+C. */
  exitNow(code: number): void;
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export function processIo(): Io {
  return {
    stdin: { isTty: process.stdin.isTTY === true, ask, onKey },
    stdout: output(process.stdout, 'the output'),
    stderr: output(process.stderr, 'stderr'),
    env: process.env,
    cwd: currentFolder(),
    process: { pid: process.pid, machine: machineId() },
    platform: process.platform,
    nodeVersion: process.versions.node,
    program: programName(process.argv[1] ?? '', process.env),
    cores: availableParallelism(),
    memoryAvailable: process.availableMemory(),
    now: () => Date.now(),
    monotonic: () => performance.now(),
    whereabouts: writerWhereabouts,
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

/** A folder that was removed under the shell's feet is no place to work in. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    process.stderr.write('error the current folder is gone\nnext  cd to one that is there\n');
    process.exit(2);
  }
}

function output(stream: NodeJS.WriteStream, name: string): OutputStream {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `workbench … | head`: the reader has left, which is no error of ours.
    if (error.code === 'EPIPE') process.exit(0);
    // The terminal was closed: SIGHUP ends the command, which still stores what is under way.
    if (error.code === 'EIO') return;
    if (stream !== process.stderr) {
      process.stderr.write(`error cannot write ${name}: ${error.message}\n`);
    }
    process.exit(4);
  });
  return {
    write: (text) => void stream.write(text),
    drained: () =>
      stream.writableNeedDrain
        ? new Promise((resolve) => stream.once('drain', resolve))
        : Promise.resolve(),
    get isTty() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns || 80;
    },
  };
}

async function ask(question: string): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
    return await Promise.race([lines.question(question), closed]);
  } finally {
    lines.close();
  }
}

/** Ctrl+C is a key like any while keys are read one by one: `\u0003`. */
function onKey(listener: (key: string) => void): () => void {
  const { stdin } = process;
  const hear = (chunk: Buffer | string): void => {
    for (const key of String(chunk)) listener(key);
  };
  stdin.setRawMode(true);
  stdin.on('data', hear).resume();
  return () => {
    stdin.off('data', hear).pause();
    stdin.setRawMode(false);
  };
}

/** A command on the path is typed as it is; everything else is reached through npx. */
export function programName(script: string, env: Io['env']): Io['program'] {
  const onPath = basename(script) === 'workbench' && !/[\\/]node_modules[\\/]/.test(script);
  return onPath && !env['npm_command'] ? 'workbench' : 'npx workbench';
}
