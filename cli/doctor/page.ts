/** What `serve` and `run --open` need: the built page, a port, a browser. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { reasonOf } from '../../engine/errors.ts';
import type { Io } from '../io.ts';
import { isCheckout, siteFolder } from '../package-files.ts';
import { fail, ok, warn, type Check } from './check.ts';

export const page: Check = {
  name: 'page',
  look() {
    if (existsSync(join(siteFolder(), 'index.html'))) return ok('built');
    const fix = isCheckout() ? 'npm run build' : 'install the package again';
    return fail(`nothing at ${siteFolder()}`, fix);
  },
};

export const port: Check = {
  name: 'port',
  async look(_io, { port: asked }) {
    try {
      const four = await listenOnce('127.0.0.1', asked ?? 0);
      return ok(asked === null ? `a free one is there (${four}, say)` : `${asked} is free`);
    } catch (error) {
      const found = asked === null ? reasonOf(error) : `${asked}: ${reasonOf(error)}`;
      return fail(found, asked === null ? 'allow listening on 127.0.0.1' : 'take another port');
    }
  },
};

function listenOnce(host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port: wanted, exclusive: true }, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address ? address.port : wanted;
      server.close(() => resolve(taken));
    });
  });
}

/** What xdg-open looks for where no desktop says which browser is meant. */
const browsers = [
  'x-www-browser',
  'firefox',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'brave-browser',
  'epiphany',
  'konqueror',
];

export const browser: Check = {
  name: 'browser',
  look(io) {
    const { env, platform } = io;
    if (platform !== 'linux') return ok(`the one of ${platform}`);
    if (env['WSL_DISTRO_NAME']) return ok('the one of Windows');
    const fix = 'without one --open prints the address; open it yourself';
    if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return warn('no display to open one on', fix);
    const found = [env['BROWSER'], ...browsers].find((name) => name && isOnPath(io, name));
    return found ? ok(found) : warn('none on the path', fix);
  },
};

function isOnPath({ env }: Pick<Io, 'env'>, name: string): boolean {
  const folders = (env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => folder !== '' && existsSync(join(folder, name)));
}
