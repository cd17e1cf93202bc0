// `npm run check`: every static check, one after the other, all of them even when one fails.
// Plain JavaScript because it checks the rest before the rest is trusted.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** Ours: people keep scenarios and detectors of their own beside these. */
const code = ['cli', 'engine', 'plugins', 'web', 'tests'];

const checks = [
  ['types of the page', '@sveltejs/kit', 'svelte-kit.js', ['sync']],
  [
    'svelte-check',
    'svelte-check',
    'bin/svelte-check',
    ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  ],
  [
    'eslint',
    'eslint',
    'bin/eslint.js',
    [
      ...[...code, '*.config.{js,ts}', '--max-warnings', '0'],
      ...['--cache', '--cache-location', 'node_modules/.cache/eslint/'],
    ],
  ],
  [
    'prettier',
    'prettier',
    'bin/prettier.cjs',
    ['--check', '--log-level', 'warn', ...code, 'scenarios', '*.config.{js,ts}', '*.{md,json,cjs}'],
  ],
  [
    'dependency-cruiser',
    'dependency-cruiser',
    'bin/dependency-cruise.mjs',
    ['--output-type', 'err-long', 'cli', 'engine', 'plugins', 'web'],
  ],
  ['knip', 'knip', 'bin/knip.js', []],
];

const failed = [];
for (const [name, packageName, script, args] of checks) {
  const bin = join(packageFolder(packageName), script);
  const started = performance.now();
  const done = spawnSync(process.execPath, [bin, ...args], { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`${done.status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`);
  if (done.status !== 0) failed.push(name);
}
if (failed.length > 0) {
  process.stderr.write(`failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}

/** Packages that do not export their package.json are found through the node_modules folders. */
function packageFolder(name) {
  for (const folder of require.resolve.paths(name) ?? []) {
    if (existsSync(join(folder, name, 'package.json'))) return join(folder, name);
  }
  return dirname(require.resolve(`${name}/package.json`));
}
