/** One thing that `workbench doctor` looks at, and what it found. */
import type { Io } from '../io.ts';

export type CheckResult =
  | { readonly status: 'ok'; readonly found: string }
  /** `fix` is what to do, as one would type it where that is possible. */
  | { readonly status: 'warn' | 'fail'; readonly found: string; readonly fix: string };

export interface DoctorOptions {
  /** The port that the page is wanted on; null for any. */
  readonly port: number | null;
}

export interface Check {
  readonly name: string;
  look(io: Io, options: DoctorOptions): Promise<CheckResult> | CheckResult;
}

export const ok = (found: string): CheckResult => ({ status: 'ok', found });
export const warn = (found: string, fix: string): CheckResult => ({ status: 'warn', found, fix });
export const fail = (found: string, fix: string): CheckResult => ({ status: 'fail', found, fix });
