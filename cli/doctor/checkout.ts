/** What only those need who work on the workbench itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../package-files.ts';
import { ok, warn, type Check } from './check.ts';

export const build: Check = {
  name: 'build',
  async look() {
    const module: unknown = await import(pathToFileURL(join(packageFolder(), 'cli/build.js')).href);
    const stale = staleParts(module);
    if (stale.length === 0) return ok('as new as the sources');
    return warn(`older than the sources: ${stale.join(', ')}`, 'npm run build');
  },
};

/** The build is plain JavaScript, because it runs before anything is built: its answer is checked. */
function staleParts(module: unknown): readonly string[] {
  const ask: unknown =
    typeof module === 'object' && module !== null ? Reflect.get(module, 'staleParts') : null;
  const parts: unknown = typeof ask === 'function' ? ask() : null;
  if (!Array.isArray(parts)) throw new Error('cli/build.js does not tell what is stale');
  return parts.map(String);
}

/** Where the browser tests look, too. */
const chromiums = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const chromium: Check = {
  name: 'Chromium',
  look({ env }) {
    const found = [env['WORKBENCH_CHROMIUM'], ...chromiums].find(
      (path) => path && existsSync(path),
    );
    if (found) return ok(`${found}, for the browser tests`);
    return warn(
      'none: the browser tests are skipped',
      'apt-get install chromium, or set WORKBENCH_CHROMIUM to one',
    );
  },
};
