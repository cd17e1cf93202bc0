/** Where runs are kept: the binding of SQLite, the folder, the disk, and the runs themselves. */
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf, WorkbenchError } from '../../engine/errors.ts';
import { homeFolders } from '../home.ts';
import { bytes, plural } from '../output/format.ts';
import { nearPath, quoted } from '../output/next.ts';
import { fail, ok, warn, type Check } from './check.ts';

export const sqlite: Check = {
  name: 'SQLite',
  async look() {
    const { sqliteVersion } = await import('../../engine/store/index.ts');
    return ok(`${sqliteVersion()}, through better-sqlite3`);
  },
};

export const storage: Check = {
  name: 'storage',
  async look(io) {
    const { home } = homeFolders(io);
    const near = nearPath(io.cwd, home);
    const fix = `make ${near} writable, or set WORKBENCH_HOME to a folder that is`;
    const { tryDatabase } = await import('../../engine/store/index.ts');
    let probe: string | null = null;
    try {
      probe = mkdtempSync(join(nearestFolder(home), '.workbench-doctor-'));
      const mode = tryDatabase(join(probe, 'probe.db'));
      if (mode === 'wal') return ok(`${near} can be written`);
      return fail(`${near} is on a disk that SQLite cannot share between threads`, fix);
    } catch (error) {
      if (error instanceof WorkbenchError && error.code === 'STORAGE_BINDING_MISSING') {
        return fail('not tried, for want of SQLite', 'mend SQLite first');
      }
      return fail(`${near} cannot be written: ${reasonOf(error)}`, fix);
    } finally {
      if (probe !== null) rmSync(probe, { recursive: true, force: true });
    }
  },
};

/** A run file of the example is 20 MB, one of a million log records 350 MB. */
const diskWantedBytes = 1e9;
const diskNeededBytes = 100e6;

export const disk: Check = {
  name: 'disk',
  look(io) {
    const { bavail, bsize } = statfsSync(nearestFolder(homeFolders(io).home));
    const free = bavail * bsize;
    const found = `${bytes(free)} free`;
    if (free >= diskWantedBytes) return ok(found);
    const fix = `remove runs with ${io.program} runs rm, or set WORKBENCH_HOME to another disk`;
    return free >= diskNeededBytes ? warn(found, fix) : fail(found, fix);
  },
};

export const runs: Check = {
  name: 'runs',
  async look(io) {
    const { listRuns } = await import('../../engine/query/index.ts');
    const { runs: found, skipped } = listRuns(homeFolders(io).runs, [], io);
    const writing = found.filter(({ state }) => state === 'running' || state === 'paused');
    const total = `${plural(found.length, 'run')}${writing.length > 0 ? `, ${writing.length} being written` : ''}`;
    const broken = skipped[0];
    if (broken) {
      const more = skipped.length > 1 ? `, and ${skipped.length - 1} more` : '';
      return warn(
        `${total}; ${broken.reason}${more}`,
        `remove what is of no use: ${io.program} runs rm ${quoted(nearPath(io.cwd, broken.file))}`,
      );
    }
    const loose = found.filter((run) => !writing.includes(run) && existsSync(`${run.file}-wal`));
    if (loose.length === 0) return ok(total);
    const ids = loose.map(({ id }) => id);
    return warn(
      `${total}; not sealed, because ${ids.length === 1 ? 'its process was' : 'their processes were'} cut off: ${listed(ids)}`,
      `nothing is lost, but -wal and -shm belong to the file when it is copied; or ${io.program} runs rm ${ids[0]}`,
    );
  },
};

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).join(', ');
  return ids.length > 3 ? `${shown} and ${ids.length - 3} more` : shown;
}

/** The folder, or the first one above it that is there. */
function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}
