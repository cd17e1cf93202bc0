/** An author's day: slips, and what `detectors test` says of them. F20: nothing runs before a file loads. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startWorkbench, workbench } from '../support/workbench.ts';

const cwd = mkdtempSync(join(tmpdir(), 'author-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
workbench(['new', 'detector', 'sound'], { cwd });
const sound = readFileSync(join(cwd, 'sound/detector.ts'), 'utf8');
const examples = readFileSync(join(cwd, 'sound/examples.ts'), 'utf8');

/** Line of the scaffold that holds the text. */
const line = (text: string) => sound.split('\n').findIndex((one) => one.includes(text)) + 1;
const last = sound.split('\n').length;
/** `detector.ts:line` and what follows. */
const at = (number: number, rest: string) => new RegExp(`detector\\.ts:${number}${rest}`);

/** The scaffold with one slip. */
function slip(name: string, from: RegExp | string, to: string, more = ''): string {
  mkdirSync(join(cwd, name), { recursive: true });
  writeFileSync(join(cwd, name, 'examples.ts'), examples);
  writeFileSync(join(cwd, name, 'detector.ts'), sound.replace(from, to) + more);
  return `./${name}`;
}
const tested = (path: string) => {
  const { status, stdout, stderr } = workbench(['detectors', 'test', path], { cwd });
  return { status, out: `${stdout}${stderr}` };
};
const score = '      const score = recent';

const append = (name: string, more: string) => slip(name, 'x', 'x', more);

describe('F20 a file that is no detector ends with 3, with its line', () => {
  test.each([
    ['syntax', slip('syntax', '  per: ', '  per per: '), at(line('  per: '), ':6: Unexpected')],
    [
      'version',
      slip('version', 'apiVersion: 1', 'apiVersion: 2'),
      at(line('apiVersion'), ' .*knows apiVersion 1'),
    ],
    ['typo', slip('typo', 'log(state', 'logg(state'), at(line('log(state'), ' .*did you mean log')],
    [
      'export',
      slip('export', 'export default', 'export const it ='),
      at(line('export default'), ' .*default export'),
    ],
    ['mix', append('mix', '\nmodule.exports = {};\n'), at(last + 1, ' .*no module\\.exports')],
    [
      'missing',
      append('missing', "\nimport { y } from './y.ts';\ny();\n"),
      at(last + 1, ":19: Cannot find module '\\./y\\.ts'"),
    ],
    ['throw', append('throw', '\nthrow new Error("no");\n'), at(last + 1, ':7: no')],
    ['exit', append('exit', '\nprocess.exit(0);\n'), /ended its process with code 0 while loading/],
  ])('%s', (_name, path, said) => {
    const { status, out } = tested(path);
    expect(out).toMatch(said);
    expect(status).toBe(3);
  });
});

describe('a check that fails', () => {
  test('names hook, place and record of a throw, once', () => {
    const path = slip(
      'boom',
      score,
      `      if (state.seenAt.length > 2) throw new TypeError('boom');\n${score}`,
    );
    const { status, out } = tested(path);
    expect(status).toBe(1);
    const place = `detector.ts:${line(score)}:42`;
    expect(out).toContain(
      `it failed in log: boom (${place}), on the log "upstream Timeout after 5 s" of web at T+02:00`,
    );
    expect(out.match(/T\+02:00/g)).toHaveLength(1);
    expect(out).toMatch(/what to do: the place is in your file/);
  });

  test('says what was expected, what came, and what to do', () => {
    const { out } = tested(slip('quiet', 'default: 3', 'default: 4'));
    expect(out).toMatch(
      /expected: "repeated" of web, first from 120 to 120 s; got: first at 130 s\n.*what to do: /,
    );
  });

  test('in a loop is ended, and named with its moment', () => {
    const { status, out } = tested(
      slip('loop', score, `      if (recent > 2) for (;;) state.seenAt.length;\n${score}`),
    );
    expect(status).toBe(1);
    expect(out).toMatch(
      /FAIL fires: .*\n.*did not return within 2000 ms, in log, at about T\+02:00/,
    );
    expect(out).toMatch(/12 checks not run/);
  });

  test('does not drown in what the detector prints', () => {
    const { status, out } = tested(
      slip('loud', score, `      console.log('x'.repeat(9_000_000));\n${score}`),
    );
    expect(status).toBe(0);
    expect(out.length).toBeLessThan(600_000);
    expect(out).toMatch(/16 of 16 checks pass/);
  });
});

test('--watch tests again after each save, through slips and a file that is gone', async () => {
  slip('watched', 'x', 'x');
  const file = join(cwd, 'watched/detector.ts');
  const watch = startWorkbench(['detectors', 'test', './watched', '--watch'], { cwd });
  const seen = (text: string) => watch.output().stdout.split(text).length - 1;
  const until = async (done: () => boolean) => {
    for (let i = 0; i < 300 && !done(); i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(done()).toBe(true);
  };
  await watch.printed(/16 of 16 checks pass/);
  await watch.printed(/watching 2 files; Ctrl\+C ends/);
  slip('watched', '  per: ', '  per per: ');
  await watch.printed(at(line('  per: '), ':6: Unexpected'));
  rmSync(file);
  await watch.printed(/FILE_NOT_FOUND|no such file|without a detector\.ts/);
  slip('watched', 'x', 'x');
  await until(() => seen('16 of 16 checks pass') === 2);
  watch.child.kill('SIGINT');
  expect((await watch.finished).status).toBe(130);
}, 120_000);
