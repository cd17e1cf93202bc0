// What `workbench validate` says of files that extend one another.
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { fakeIo } from '../support/fake-io.ts';
import { scenarioFolder } from '../support/scenario-folder.ts';
import { minimal } from '../support/scenario-text.ts';

const folder = scenarioFolder();
afterAll(() => folder.remove());
folder.write('base/shop.yaml', minimal.replace('kind: simulated', 'kind: base'));
const head =
  'apiVersion: workbench/v1\nkind: simulated\nname: outage\nextends: ../base/shop.yaml\n';
folder.write('outage/scenario.yaml', head);
folder.write('wrong/scenario.yaml', `${head}services: [{ name: wbe, remove: true }]\n`);
folder.write('broken/base.yaml', minimal.replace('duration: 30m', 'duration: 0s'));
folder.write('broken/scenario.yaml', head.replace('../base/shop', './base'));

async function validate(...args: string[]) {
  const io = fakeIo({ cwd: folder.path });
  const code = await runCli(io, ['validate', ...args]);
  return { code, ...io.printed };
}

test('a base is told apart, and is no mistake', async () => {
  expect(await validate('base/shop.yaml', 'outage')).toEqual({
    code: 0,
    stdout:
      'base base/shop.yaml (checked through the scenarios that extend it)\n' +
      'ok outage/scenario.yaml (simulated, 1 service, 30m)\n',
    stderr: '',
  });
  const { code, stdout } = await validate('--json', 'base/shop.yaml');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ type: 'validation', valid: true, kind: 'base' });
});

test('a mistake is shown in the file that it is in, as one would type its name', async () => {
  const { code, stderr } = await validate('broken', 'wrong');
  expect(code).toBe(2);
  expect(stderr).toContain('broken/base.yaml:4:11: duration must be more than zero\n');
  expect(stderr).toContain('wrong/scenario.yaml:5:20: nothing to remove: no "wbe"');
  const { stdout } = await validate('--json', 'broken');
  const [line = ''] = stdout.split('\n');
  expect(JSON.parse(line)).toMatchObject({
    valid: false,
    problems: expect.arrayContaining([
      expect.objectContaining({ file: 'base.yaml', line: 4 }),
    ]) as unknown,
  });
});
