/** The process that writes a run: whether it is still there. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export interface WriterProcess {
  readonly pid: number;
  /** `machineId` of where it runs. */
  readonly machine: string;
}

/** Host, and on Linux its start: the number of a process means nothing elsewhere, or after a restart. */
export function machineId(): string {
  try {
    return `${hostname()} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    // Other systems do not tell; the host has to do.
    return hostname();
  }
}

/** `elsewhere`: on another machine, or before this one was started again; nobody here can tell. */
export type Whereabouts = 'there' | 'gone' | 'elsewhere';

export function writerWhereabouts({ pid, machine }: WriterProcess): Whereabouts {
  if (machine !== machineId()) return 'elsewhere';
  try {
    // A signal of 0 is not sent, only checked.
    process.kill(pid, 0);
    return 'there';
  } catch (error) {
    // EPERM: it is there and somebody else's.
    const isOthers = error instanceof Error && 'code' in error && error.code === 'EPERM';
    return isOthers ? 'there' : 'gone';
  }
}
