/** `run --open --at`: the page of a moment, once that has come. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeScenario } from '../support/bench-folder.ts';
import { startWorkbench } from '../support/workbench.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbench-run-at-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('opens the page there, with the run played up to it', { timeout: 60_000 }, async () => {
  writeScenario(folder, 'store', 'latency');
  const args = ['run', 'outages/store', '--open', '--at', '5:30'];
  const live = startWorkbench(args, { cwd: folder, env: { BROWSER: 'none' } });
  try {
    const [url = ''] = await live.printed(/http:\/\/\S+code=\S+/);
    // What the timeline tells is told before the page is opened, not after.
    expect(live.output().stdout).toMatch(/T\+04:\d\d/);
    const answer = await fetch(url, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe('/runs/store-1?t=330');
    await live.printed(/the page stays up/);
  } finally {
    live.child.kill('SIGINT');
  }
  expect((await live.finished).status).toBe(0);
});
