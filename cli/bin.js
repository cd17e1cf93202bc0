#!/usr/bin/env node
// The one executable. In a checkout it first makes sure that `dist/` is as new as the sources,
// so `npx workbench` never runs yesterday's code; in an installed package there is nothing to build.
import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `workbench needs Node.js 20.19 or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(2);
}
if (existsSync(new URL('./build.js', import.meta.url))) {
  const { buildIfStale } = await import('./build.js');
  buildIfStale({ force: false });
}
await import('../dist/cli/main.js');
