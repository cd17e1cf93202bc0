/** The README says what there is, and nothing that is gone. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorTable } from '../../cli/output/error-table.ts';
import { withGenerated } from '../../cli/output/generated.ts';
import { parseScenario } from '../../engine/scenario/index.ts';
import { root, workbench } from '../support/workbench.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (m) => m[1] ?? '',
  );

describe('the README', () => {
  test('lists every error code (npm run generate)', () => {
    expect(withGenerated(readme, 'errors', errorTable())).toBe(readme);
  });

  test('names every command of the program', () => {
    const help = workbench(['--help'], { cwd: root }).stdout;
    const commands = [...help.matchAll(/^ {2}([a-z]+)(?: |$)/gm)].map((m) => m[1] ?? '');
    expect(commands).toContain('run');
    for (const command of commands.filter((name) => name !== 'help')) {
      expect(readme).toMatch(new RegExp(`(npx workbench|…) ${command}\\b`));
    }
  });

  test('names what runs and detectors can do, and every flag of run', () => {
    for (const group of ['runs', 'detectors']) {
      const { stdout } = workbench([group, '--help'], { cwd: root });
      const commands = [...stdout.matchAll(/^ {2}([a-z]+)(?: |$)/gm)].map((m) => m[1] ?? '');
      expect(commands.length).toBeGreaterThan(1);
      for (const command of commands.filter((name) => name !== 'help' && name !== 'list')) {
        expect(readme).toContain(`${group} ${command}`);
      }
    }
    const { stdout } = workbench(['run', '--help'], { cwd: root });
    const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((m) => m[1] ?? '');
    expect(flags).toContain('--speed');
    const missing = flags.filter((flag) => !readme.includes(flag));
    expect(missing.filter((flag) => !['--help', '--version'].includes(flag))).toEqual([]);
  });

  test('names folders and files that exist', () => {
    for (const [, path = ''] of readme.matchAll(
      /`((?:cli|engine|plugins|scenarios|web|tests)\/[\w/.-]*)`/g,
    )) {
      expect(existsSync(join(root, path)), path).toBe(true);
    }
    for (const [, path = ''] of readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
      expect(existsSync(join(root, path)), path).toBe(true);
    }
  });

  test('shows a scenario that is valid', () => {
    const [text = ''] = blocks('yaml');
    expect(parseScenario({ file: 'README.md', text })).toMatchObject({ warnings: [] });
  });

  test('shows a detector that keeps the contract', () => {
    const folder = mkdtempSync(join(tmpdir(), 'workbench-readme-'));
    try {
      const [source = ''] = blocks('ts');
      writeFileSync(join(folder, 'too-high.ts'), source);
      const done = workbench(['detectors', 'test', './too-high.ts'], { cwd: folder });
      // Its examples are the reader's to write; everything else must hold.
      const failed = done.stdout.split('\n').filter((line) => line.startsWith('FAIL'));
      expect(done.stdout).toContain('ok   keeps the contract');
      expect(failed.filter((line) => !/example|every message/.test(line))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
