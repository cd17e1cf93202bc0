/** Where the package keeps what it carries: one level up from source, two from the build. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fromSource = import.meta.url.endsWith('.ts');

/** Root of the package, without a slash at its end. */
export function packageFolder(): string {
  return fileURLToPath(new URL(fromSource ? '..' : '../..', import.meta.url)).replace(/[\\/]$/, '');
}

/** The built page. */
export function siteFolder(): string {
  return fileURLToPath(new URL(fromSource ? '../dist/site' : '../site', import.meta.url));
}

/** The built script and style of a benchmark's report. */
export function reportFolder(): string {
  return fileURLToPath(new URL(fromSource ? '../dist/report' : '../report', import.meta.url));
}

/** Whether this is a checkout, which builds itself, and no installed package. */
export function isCheckout(): boolean {
  return existsSync(`${packageFolder()}/cli/build.js`);
}
