// Builds `dist/` when a source is newer than the last build: `tsc` for cli, engine, plugins and
// the server, `vite` for the page and for the report of a benchmark. Plain JavaScript because it must run before anything is built.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** What each half of the build reads; a change anywhere else builds nothing. */
const parts = {
  node: {
    inputs: [
      'cli',
      'engine',
      'plugins',
      'web/server',
      'tests/perf',
      'tsconfig.build.json',
      'package.json',
    ],
    output: 'dist/cli/main.js',
    build: () => {
      run('typescript', 'bin/tsc', ['-p', 'tsconfig.build.json']);
      runOwn('dist/engine/scenario/compile-shape.js');
    },
  },
  page: {
    inputs: [
      'web/routes',
      'web/lib',
      'web/static',
      'web/app.html',
      'web/app.css',
      'web/theme.css',
      'web/app.d.ts',
      'engine/query',
      'engine/sdk',
      'svelte.config.js',
      'vite.config.ts',
      'package.json',
    ],
    output: 'dist/site/index.html',
    build: () => run('vite', 'bin/vite.js', ['build', '--logLevel', 'warn']),
  },
  report: {
    inputs: [
      'web/report',
      'web/lib',
      'web/theme.css',
      'vite.report.config.ts',
      'svelte.config.js',
      'package.json',
    ],
    output: 'dist/report/report.js',
    build: () =>
      run('vite', 'bin/vite.js', [
        ...['build', '--config', 'vite.report.config.ts', '--logLevel', 'warn'],
      ]),
  },
};

/**
 * Brings `dist/` up to date.
 * @param {{ force: boolean }} options force: build even when nothing changed
 * @returns {boolean} whether anything was built
 */
export function buildIfStale({ force }) {
  let built = false;
  for (const [name, part] of Object.entries(parts)) {
    const stamp = fingerprint(part.inputs);
    if (isFresh(name, part, stamp) && !force) continue;
    process.stderr.write(`building ${name}…\n`);
    const file = stampFile(name);
    rmSync(file, { force: true });
    part.build();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, stamp);
    built = true;
  }
  return built;
}

/**
 * Names of the parts that are older than their sources.
 * @returns {string[]}
 */
export function staleParts() {
  return Object.entries(parts)
    .filter(([name, part]) => !isFresh(name, part, fingerprint(part.inputs)))
    .map(([name]) => name);
}

function isFresh(name, { output }, stamp) {
  const file = stampFile(name);
  return existsSync(join(root, output)) && existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

function stampFile(name) {
  return join(root, 'dist', `.${name}.stamp`);
}

function run(packageName, script, args) {
  const bin = join(dirname(require.resolve(`${packageName}/package.json`)), script);
  node(packageName, [bin, ...args]);
}

/** A step of the build that was built itself. */
function runOwn(script) {
  node(script, [join(root, script)]);
}

function node(what, args) {
  // Output goes to stderr: `workbench … --json` owns stdout.
  const done = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) {
    process.stderr.write(`the build of ${what} failed\n`);
    process.exit(70);
  }
}

/** Paths, sizes and modification times: a few milliseconds, and a `git checkout` changes it. */
function fingerprint(inputs) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) visit(join(path, name));
    } else {
      hash.update(`${relative(root, path)}\0${stat.size}\0${stat.mtimeMs}\n`);
    }
  };
  for (const input of inputs) visit(join(root, input));
  return hash.digest('hex');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  buildIfStale({ force: process.argv.includes('--force') });
}
