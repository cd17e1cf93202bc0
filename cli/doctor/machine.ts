/** The machine: Node, memory, threads, terminal. */
import { bytes, plural } from '../output/format.ts';
import { wantsColour } from '../output/style.ts';
import { fail, ok, warn, type Check } from './check.ts';

/** The oldest Node that the engine is tested with, as package.json says. */
const oldestNode = [20, 19] as const;

export const node: Check = {
  name: 'Node.js',
  look({ nodeVersion, cores }) {
    const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
    const [oldMajor, oldMinor] = oldestNode;
    const found = `${nodeVersion}, ${plural(cores, 'core')}`;
    if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return ok(found);
    return fail(found, `install Node.js ${oldMajor}.${oldMinor} or newer`);
  },
};

/** A run of any length stays below this, with the page's server beside it. */
const memoryWantedBytes = 400e6;

export const memory: Check = {
  name: 'memory',
  look({ memoryAvailable }) {
    const found = `${bytes(memoryAvailable)} free`;
    if (memoryAvailable >= memoryWantedBytes) return ok(found);
    return warn(found, `a run takes up to ${bytes(memoryWantedBytes)}: close something else`);
  },
};

export const detectors: Check = {
  name: 'detectors',
  async look({ cwd }) {
    const { loadDetectors } = await import('../../engine/detect/index.ts');
    const { builtIns } = await import('../../plugins/index.ts');
    const choices = builtIns.map(({ id }) => ({ id, config: {} }));
    const loaded = await loadDetectors(choices, { builtIns, cwd });
    return ok(`${loaded.map(({ id }) => id).join(', ')} load in threads of their own`);
  },
};

/** Below this the timeline of a run is cut to almost nothing. */
const columnsWanted = 60;

export const terminal: Check = {
  name: 'terminal',
  look(io) {
    const { isTty, columns } = io.stdout;
    const colour = wantsColour(io, io.stdout) ? 'colours' : 'no colours';
    if (!isTty) return ok(`none on stdout: plain lines, ${colour}`);
    const found = `${columns} columns, ${colour}`;
    if (columns >= columnsWanted) return ok(found);
    return warn(found, `make it ${columnsWanted} columns wide to see whole lines`);
  },
};
