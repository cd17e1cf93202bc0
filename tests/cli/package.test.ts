/** The tarball that `npm pack` makes: what it carries, and that it works in an empty folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, startWorkbench } from '../support/workbench.ts';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

let folder: string;
let packed: Packed;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-pack-'));
  // The build is fresh by now (`npm test` makes it first), so scripts would only repeat it.
  const printed = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  packed = (JSON.parse(printed) as Packed[])[0]!;
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that may be in the package; anything else is a mistake. */
const allowed = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^cli\/bin\.js$/,
  /^dist\/(cli|engine|plugins|web\/server)\/[\w./-]+\.(js|cjs|d\.ts)$/,
  /^dist\/site\/[\w./-]+\.(html|js|css|json|svg|png|woff2)$/,
  /^dist\/report\/report\.(js|css)$/,
  /^plugins\/skeleton\/[\w.-]+\.(ts|md)$/,
  /^scenarios\/[\w./-]+\.(yaml|md|json)$/,
];

describe('the package', () => {
  test('carries what it needs and nothing else', () => {
    const strays = packed.files
      .map((file) => file.path)
      .filter((path) => !allowed.some((a) => a.test(path)));
    expect(strays).toEqual([]);
    for (const needed of [
      'cli/bin.js',
      'dist/cli/main.js',
      'dist/engine/sdk/index.d.ts',
      'dist/site/index.html',
      'dist/report/report.js',
      'scenarios/scenario.schema.json',
      'scenarios/checkout-pool-exhaustion/scenario.yaml',
      'plugins/skeleton/detector.ts',
      'LICENSE',
    ]) {
      expect(packed.files.map((file) => file.path)).toContain(needed);
    }
    expect(packed.size).toBeLessThan(4_000_000);
  });

  test('has no install script and names only the registry', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
      dependencies: Record<string, string>;
    };
    for (const script of ['preinstall', 'install', 'postinstall']) {
      expect(manifest.scripts).not.toHaveProperty(script);
    }
    for (const version of Object.values(manifest.dependencies)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  test('installed elsewhere, runs the scenario and serves the page', async () => {
    const home = join(folder, 'elsewhere');
    mkdirSync(home);
    writeFileSync(join(home, 'package.json'), '{"name":"elsewhere","private":true}\n');
    const npm = (...args: string[]) =>
      execFileSync('npm', args, { cwd: home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    npm(
      'install',
      '--ignore-scripts',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      join(folder, packed.filename),
    );
    // The compile of SQLite is npm's and better-sqlite3's business, and takes minutes: take ours.
    const binding = 'node_modules/better-sqlite3/build';
    cpSync(join(root, binding), join(home, binding), { recursive: true });

    const scenario =
      'node_modules/incident-workbench/scenarios/checkout-pool-exhaustion/scenario.yaml';
    const run = spawnSync('npx', ['--no-install', 'workbench', 'run', scenario, '--quiet'], {
      cwd: home,
      encoding: 'utf8',
    });
    expect(run.stderr).not.toMatch(/error/i);
    expect(run.status).toBe(0);
    expect(existsSync(join(home, '.workbench/runs/checkout-pool-exhaustion-1.db'))).toBe(true);

    const served = startWorkbench(['serve'], {
      cwd: home,
      bin: join(home, 'node_modules/incident-workbench/cli/bin.js'),
    });
    try {
      const [address = ''] = await served.printed(/http:\/\/127\.0\.0\.1:\d+\/\S+/);
      const login = await fetch(address, { redirect: 'manual' });
      const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
      const page = await fetch(new URL('/', address), { headers: { cookie } });
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<script');
      const runs = await fetch(new URL('/api/runs', address), { headers: { cookie } });
      expect(JSON.stringify(await runs.json())).toContain('checkout-pool-exhaustion-1');
    } finally {
      served.child.kill('SIGINT');
      await served.finished;
    }
  }, 300_000);
});
