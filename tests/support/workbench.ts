/** Runs the real command line as a process of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const bin = join(root, 'cli/bin.js');
export const demoScenario = join(root, 'scenarios/checkout-pool-exhaustion/scenario.yaml');

/**
 * A person in a pipe: what they type runs, which in CI has to be trusted first; and on GitHub commands
 * would annotate the workflow of ours.
 */
export const asPerson = { ...process.env, NO_COLOR: '1', CI: '', GITHUB_ACTIONS: '' };

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function workbench(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    encoding: 'utf8',
    env: { ...asPerson, ...options.env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

export interface Started {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  /** Resolves when stdout or stderr matches. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly finished: Promise<Finished>;
}

export function startWorkbench(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    /** Another installation than this checkout. */
    readonly bin?: string;
    /** A process group of its own, which signals reach as those of a terminal do. */
    readonly ownGroup?: boolean;
  },
): Started {
  const child = spawn(process.execPath, [options.bin ?? bin, ...args], {
    cwd: options.cwd,
    env: { ...asPerson, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.ownGroup === true,
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const told = (): void => listeners.forEach((listener) => listener());
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    told();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    told();
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
  const printed = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(stdout) ?? pattern.exec(stderr);
        if (!found) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
      void finished.then(() =>
        reject(new Error(`never printed ${pattern}:\n${stdout}\n${stderr}`)),
      );
    });
  return { child, output: () => ({ stdout, stderr }), printed, finished };
}
