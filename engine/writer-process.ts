/** The process that writes a run: whether it is still there, on this machine and since this start of it. */
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

export function isWriterThere({ pid, machine }: WriterProcess): boolean {
  if (machine !== machineId()) return false;
  try {
    // A signal of 0 is not sent, only checked.
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
