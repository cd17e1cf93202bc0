import type { Complaint } from './report.ts';

const address = /^[a-z][a-z0-9+.-]+:\/\//i;
const control = /\p{Cc}/u;

/** Only files of this machine: a scenario never makes the workbench open a connection. */
export function pathComplaint(path: string): Complaint | null {
  if (address.test(path)) {
    const hint = 'download it and name the file, relative to the scenario';
    return { kind: 'forbidden', message: 'path is an address, not a file', hint };
  }
  if (path.startsWith('~')) {
    const hint = 'write it relative to the scenario file';
    return { kind: 'forbidden', message: '~ is not read in paths', hint };
  }
  if (control.test(path)) {
    return { kind: 'forbidden', message: 'path has a control character in it' };
  }
  return null;
}
