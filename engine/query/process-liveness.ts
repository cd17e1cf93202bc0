/**
 * Whether a process is there. A signal of 0 is not sent, only checked; EPERM means that it is there
 * and belongs to somebody else.
 */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}
