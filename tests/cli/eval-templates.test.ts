// `workbench eval templates` on folders shaped as Loghub's, and on what is none.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../../cli/program.ts';
import { fakeIo } from '../support/fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbench-loghub-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

async function evaluate(...args: string[]) {
  const io = fakeIo({ cwd: folder });
  const code = await runCli(io, ['eval', 'templates', ...args]);
  return { code, ...io.printed };
}

const header = 'LineId,Level,Content,EventId,EventTemplate';
// CRLF, quotes with a comma and with quotes, a line that the truth does not know, no newline at the end.
write(
  'good/Kiosk/Kiosk_2k.log_structured.csv',
  [
    header,
    '1,INFO,"sold 3 of ""tea"", 2 left",E1,"sold <*> of ""tea"", <*> left"',
    '2,INFO,"sold 1 of ""tea"", 1 left",E1,"sold <*> of ""tea"", <*> left"',
    '3,WARN,drawer open,E2,drawer open',
    '4,WARN,drawer shut,E2,drawer <*>',
    '5,WARN,power lost,,',
  ].join('\r\n'),
);
write(
  'good/Kiosk/Kiosk_2k.log_structured_corrected.csv',
  [
    header,
    '1,INFO,x,E1,sold <*>',
    '2,INFO,x,E1,sold <*>',
    '3,WARN,x,E1,drawer open',
    '4,WARN,x,E1,drawer shut',
    '5,WARN,x,E1,power lost',
  ].join('\n'),
);
write('good/Till/Till_full.log_structured.csv', `${header}\n1,INFO,open,E1,open\n`);
write('good/LICENSE', 'a file among the folders');

describe('a folder of Loghub', () => {
  test('is a line a system and the averages, as JSON', async () => {
    const { code, stdout, stderr } = await evaluate('good', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        schema: 1,
        type: 'template-score',
        system: 'Kiosk',
        lines: 4,
        found: 3,
        truth: 2,
        groupingAccuracy: 0.5,
        groupingF1: 0.4,
        emittedAccuracy: 0.5,
        corrected: { lines: 5, found: 4, truth: 4, groupingAccuracy: 1, groupingF1: 1 },
      },
      {
        schema: 1,
        type: 'template-score',
        system: 'Till',
        lines: 1,
        found: 1,
        truth: 1,
        groupingAccuracy: 1,
        groupingF1: 1,
        emittedAccuracy: 1,
        corrected: null,
      },
      {
        schema: 1,
        type: 'template-scores',
        systems: 2,
        groupingAccuracy: 0.75,
        groupingF1: 0.7,
        emittedAccuracy: 0.75,
        corrected: { systems: 1, groupingAccuracy: 1, groupingF1: 1 },
      },
    ]);
  });

  test('is a table for people; one system alone will do', async () => {
    const { code, stdout } = await evaluate('good');
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "system     lines  found  truth     GA     F1  GA corr.  F1 corr.
      Kiosk          4      3      2  0.500  0.400     1.000     1.000
      Till           1      1      1  1.000  1.000         –         –
      2 systems                       0.750  0.700     1.000     1.000

      GA: share of lines in a group that is exactly right; F1: of the groups.
      corr.: against the corrected templates, where the folder has them.
      "
    `);
    expect((await evaluate('good/Till')).stdout).toContain('\n1 system ');
  });
});

describe('what is no such folder', () => {
  write('empty/nothing/readme.txt', '');
  write('bare/Bare_2k.log_structured.csv', '');
  write('headed/Headed_2k.log_structured.csv', `${header}\n`);
  write('foreign/Foreign_2k.log_structured.csv', 'a,b\n1,2\n');
  write('short/Short_2k.log_structured.csv', `${header}\n1,INFO\n`);
  write('open/Open_2k.log_structured.csv', `${header}\n1,INFO,"never closed,E1,x\n2,INFO,b,E2,b\n`);
  write('uneven/Uneven_2k.log_structured.csv', `${header}\n1,INFO,a,E1,a\n`);
  write('uneven/Uneven_2k.log_structured_corrected.csv', `${header}\n1,I,a,E1,a\n2,I,a,E1,a\n`);

  test.each([
    ['nowhere', 'FILE_NOT_FOUND', /no such file: .*nowhere/],
    ['good/LICENSE', 'LOGHUB_INVALID', /it is no folder/],
    ['empty', 'LOGHUB_INVALID', /no \*\.log_structured\.csv/],
    ['bare', 'LOGHUB_INVALID', /Bare_2k\S+: it is empty/],
    ['headed', 'LOGHUB_INVALID', /Headed_2k\S+: it has no lines/],
    ['foreign', 'LOGHUB_INVALID', /no column Content and no column EventId/],
    ['short', 'LOGHUB_INVALID', /line 2 has 2 columns/],
    ['open', 'LOGHUB_INVALID', /line 2: a quote is not closed/],
    ['uneven', 'LOGHUB_INVALID', /it has 2 lines, the file that it corrects 1/],
  ])('%s: %s', async (name, errorCode, message) => {
    const { code, stdout } = await evaluate(name, '--json');
    expect(code).toBe(2);
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as object;
    expect(last).toMatchObject({ type: 'error', code: errorCode, exitCode: 2 });
    expect(last).toMatchObject({ message: expect.stringMatching(message) as unknown });
  });

  test('a score wants to know of what', async () => {
    const io = fakeIo({ cwd: folder });
    expect(await runCli(io, ['eval'])).toBe(2);
    expect(io.printed.stderr).toContain('workbench eval templates <folder>');
  });
});
