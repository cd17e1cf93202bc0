/** What the costliest scenario files cost the whole command: memory and time, each in a process of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { heavy, kilo } from '../support/heavy-scenarios.ts';
import { bin } from '../support/workbench.ts';

const memoryMbMax = 256;
/** Of the processor, not of the clock: other tests run beside these. */
const cpuMsMax = 5_000;

const cwd = mkdtempSync(join(tmpdir(), 'workbench-heavy-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Told at the very end: the most memory that was ever resident (VmHWM), kB, and the time, µs. */
const meter = join(cwd, 'meter.mjs');
writeFileSync(
  meter,
  `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync('usage.json', JSON.stringify(process.resourceUsage())));`,
);

function cost(text: string) {
  writeFileSync(join(cwd, 'case.yaml'), text);
  const args = ['--import', pathToFileURL(meter).href, bin, 'validate', 'case.yaml'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  const usage = JSON.parse(readFileSync(join(cwd, 'usage.json'), 'utf8')) as NodeJS.ResourceUsage;
  return {
    status,
    stderr,
    memoryMb: usage.maxRSS / 1024,
    cpuMs: (usage.userCPUTime + usage.systemCPUTime) / 1000,
  };
}

test.each([...heavy, ['commas', `[${','.repeat(250 * kilo)}`] as const])('%s', (_name, text) => {
  const { status, stderr, memoryMb, cpuMs } = cost(text);
  expect([0, 2]).toContain(status);
  expect(stderr).not.toContain('internal error');
  expect(memoryMb).toBeLessThan(memoryMbMax);
  expect(cpuMs).toBeLessThan(cpuMsMax);
});
