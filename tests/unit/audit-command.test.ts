/** `workbench audit` as a command: exit codes, files, and what programs read. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { fakeIo } from '../support/fake-io.ts';
import { fairText } from '../support/audited.ts';
import { minimal } from '../support/scenario-text.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'workbench-audit-'));
  // Nobody says what is broken in it, or what users need.
  writeFileSync(join(cwd, 'bare.yaml'), minimal.replace('30m', '2m'));
  const head = 'apiVersion: workbench/v1\nkind: simulated\nname: slow-database\n';
  writeFileSync(join(cwd, 'fair.yaml'), head + fairText());
  writeFileSync(join(cwd, 'broken.yaml'), minimal.replace('duration', 'durration'));
  writeFileSync(join(cwd, 'endless.yaml'), minimal.replace('30m', '72h'));
  writeFileSync(join(cwd, 'lines.jsonl'), '{"time":"2026-03-02T09:00:00Z","msg":"hello"}\n');
  writeFileSync(
    join(cwd, 'recorded.yaml'),
    `apiVersion: workbench/v1
kind: recorded
name: heard
sources: [{ format: jsonl-logs, path: lines.jsonl }]
truth:
  root_cause: { service: web }
  category: latency
`,
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function audit(...args: readonly string[]) {
  const io = fakeIo({ cwd });
  const code = await runCli(io, ['audit', ...args]);
  const objects = () =>
    io.printed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, ...io.printed, objects };
}

test('ends with 0 when all are accepted, 1 when one is refused, 2 when one is none', async () => {
  const fair = await audit('recorded.yaml', 'fair.yaml');
  expect(fair.stdout).toContain('ok     actions               1 of 1 claim about actions holds');
  expect(fair.code).toBe(0);
  expect((await audit('recorded.yaml', 'bare.yaml')).code).toBe(1);
  expect((await audit('broken.yaml', 'bare.yaml')).code).toBe(2);
  expect((await audit('nothing.yaml')).code).toBe(2);
});

test('says on a line each what the rules found', async () => {
  const { stdout, stderr } = await audit('bare.yaml', 'recorded.yaml', '--library');
  expect(stdout).toMatch(/^refused small \(no difficulty, seed \d+\)\n/);
  expect(stdout).toContain(
    '  refuse moves-a-user-sli      no objective is at a service that users call\n',
  );
  expect(stdout).toMatch(/\n {2}refuse library .*\n +- 2 min \(20 min to 60 min\)\n/);
  expect(stdout).toContain('accepted heard (no difficulty, recorded)');
  expect(stderr).toBe('1 scenario accepted, 1 refused\n');
});

test('ends with the sum for programs, whatever happened', async () => {
  const { objects, code } = await audit(
    'bare.yaml',
    'endless.yaml',
    'broken.yaml',
    '--json',
    '--seed',
    '9',
  );
  expect(code).toBe(2);
  expect(objects()).toMatchObject([
    { type: 'audit', file: 'bare.yaml', accepted: false, seed: 9, kind: 'simulated' },
    { type: 'audit', file: 'endless.yaml', accepted: null, code: 'AUDIT_TOO_LARGE' },
    { type: 'audit', file: 'broken.yaml', accepted: null, code: 'SCENARIO_INVALID' },
    { type: 'audits', accepted: 0, refused: 1, failed: 2 },
  ]);
});

describe('a report', () => {
  test('is written beside what is printed, and not over another file unless told so', async () => {
    const written = await audit('bare.yaml', 'recorded.yaml', '--report', 'out.md');
    expect(written.code).toBe(1);
    expect(written.stderr).toContain('wrote out.md');
    const page = readFileSync(join(cwd, 'out.md'), 'utf8');
    expect(page).toContain('| small |');
    expect(page).toContain('| heard |');
    writeFileSync(join(cwd, 'out.md'), 'mine');
    const refused = await audit('bare.yaml', '--report', 'out.md', '--json');
    expect(refused.objects().at(-1)).toMatchObject({ type: 'error', code: 'FILE_EXISTS' });
    expect(readFileSync(join(cwd, 'out.md'), 'utf8')).toBe('mine');
    await audit('bare.yaml', '--report', 'out.md', '--force');
    expect(readFileSync(join(cwd, 'out.md'), 'utf8')).toContain('# small');
  });

  test('is never written over a scenario, or a folder', async () => {
    const before = readFileSync(join(cwd, 'bare.yaml'), 'utf8');
    expect((await audit('bare.yaml', '--report', 'bare.yaml', '--force')).code).toBe(2);
    expect(readFileSync(join(cwd, 'bare.yaml'), 'utf8')).toBe(before);
    expect((await audit('bare.yaml', '--report', '.', '--force')).code).toBe(4);
  });
});

test('spoilers without a report to put them into are a mistake', async () => {
  const { code, stdout, stderr } = await audit('recorded.yaml', '--spoilers');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    'error --spoilers says what a report tells, and there is none\nnext  add --report <file>\n',
  );
});
