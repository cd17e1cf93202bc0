/** Suites of published recordings, when the data is not there or is another's. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workbench } from '../support/workbench.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'workbench-datasets-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['nezha', 'https://github.com/IntelligentDDS/Nezha'],
  ['petshop', 'https://github.com/amazon-science/petshop-root-cause-analysis'],
])('%s without its folder, or with one that is none, says where the data is', (suite, address) => {
  for (const [dir, reason] of [
    [[], 'needs --dir'],
    [['--dir', 'missing'], '--dir missing is no folder'],
    [['--dir', '.'], `--dir . is no ${suite} dataset: it has no cases.csv`],
  ] as const) {
    const { status, stderr } = workbench(['bench', '--suite', suite, ...dir], { cwd: folder });
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr).toContain(address);
  }
});

test('the cases of the other dataset are named as such', () => {
  writeFileSync(join(folder, 'cases.csv'), 'scenario,split,issue\nlow_traffic,test,issue_0\n');
  const { status, stderr } = workbench(['bench', '--suite', 'nezha', '--dir', '.'], {
    cwd: folder,
  });
  expect(status).toBe(2);
  expect(stderr).toContain('no column "case_id": is it the table of another dataset?');
});
