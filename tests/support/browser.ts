/** A real Chromium. Where there is none the browser tests are skipped loudly; in CI that is a failure. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const candidates = [
  process.env['WORKBENCH_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const chromiumPath = candidates.find((path) => path !== undefined && existsSync(path));

/** Whether browser tests can run; says so when they cannot. */
export function haveBrowser(): boolean {
  if (chromiumPath) return true;
  if (process.env['CI']) throw new Error('no Chromium found, and in CI the browser tests must run');
  process.stderr.write(
    '\nNO CHROMIUM FOUND: the browser tests are skipped (WORKBENCH_CHROMIUM names one)\n\n',
  );
  return false;
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    // A closed network: nothing of the browser's own may try to get out.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  });
}
