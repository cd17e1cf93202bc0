/** The world of one command, in memory: what it printed, and the keys and signals it is given. */
import type { Io, OutputStream, StopSignal } from '../../cli/io.ts';

export interface FakeIo extends Io {
  readonly printed: { readonly stdout: string; readonly stderr: string };
  signal(name?: StopSignal): void;
  press(key: string): void;
  /** Listeners that wait for a signal. */
  readonly listening: () => number;
}

export interface FakeWorld {
  readonly cwd: string;
  readonly env?: Io['env'];
  readonly tty?: boolean;
  readonly columns?: number;
  readonly program?: Io['program'];
  /** What the user types when asked; default: the input has ended. */
  readonly answer?: string;
  readonly now?: () => number;
  readonly alive?: readonly number[];
  /** Writers that run on another machine. */
  readonly elsewhere?: readonly number[];
  readonly nodeVersion?: string;
  readonly memoryAvailable?: number;
}

export function fakeIo(world: FakeWorld): FakeIo {
  const printed = { stdout: '', stderr: '' };
  const listeners = new Set<(signal: StopSignal) => void>();
  const keyListeners = new Set<(key: string) => void>();
  const isTty = world.tty ?? false;
  const stream = (name: 'stdout' | 'stderr'): OutputStream => ({
    write: (text) => void (printed[name] += text),
    drained: () => Promise.resolve(),
    isTty,
    columns: world.columns ?? 100,
  });
  return {
    printed,
    stdin: {
      isTty,
      ask(question) {
        printed.stderr += question;
        return Promise.resolve(world.answer ?? null);
      },
      onKey(listener) {
        keyListeners.add(listener);
        return () => void keyListeners.delete(listener);
      },
    },
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: world.env ?? {},
    cwd: world.cwd,
    process: { pid: 1, machine: 'here' },
    platform: 'linux',
    nodeVersion: world.nodeVersion ?? '20.19.0',
    program: world.program ?? 'npx workbench',
    cores: 2,
    memoryAvailable: world.memoryAvailable ?? 4e9,
    now: world.now ?? (() => Date.now()),
    monotonic: () => performance.now(),
    whereabouts: ({ pid }) =>
      world.alive?.includes(pid) ? 'there' : world.elsewhere?.includes(pid) ? 'elsewhere' : 'gone',
    onSignal(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    exitNow: () => undefined,
    signal: (name = 'SIGINT') => {
      for (const listener of listeners) listener(name);
    },
    press: (key) => {
      for (const listener of keyListeners) listener(key);
    },
    listening: () => listeners.size,
  };
}
