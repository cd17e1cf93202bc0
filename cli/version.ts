import { readFileSync } from 'node:fs';

/** Version in package.json, which lies one level up from source and two from the build. */
export function packageVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      if (isPackage(found)) return found.version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error('package.json of the workbench is missing');
}

function isPackage(value: unknown): value is { readonly version: string } {
  return typeof value === 'object' && value !== null && 'version' in value;
}
