/** What CI does with `workbench bench`: an older board, limits, JUnit, annotations; and `bench show`. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bench, writeDetector, writeScenario, writeSeries } from '../support/bench-folder.ts';
import { startWorkbench, workbench } from '../support/workbench.ts';
import { parseXml } from '../support/xml.ts';

/** Says that a call is slow, as long as it is. */
const slow =
  "const high = /^latency/.test(point.series.role ?? '') && point.value > 0.4; if (high) context.report({ message: 'high', values: { value: point.value }, score: 1 }); return high ? 1 : 0;";
const silent = 'return 0;';
const asked = ['--suite', 'outages', '--detector', './mine.ts'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-bench-ci-'));
  writeScenario(folder, 'store-turns-slow', 'latency');
  writeScenario(folder, 'quiet', 'none');
  writeDetector(folder, 'mine', slow);
  const first = bench(folder, [...asked, '--db', 'mine.db', '--report', 'old.json']);
  expect(first.status).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (file: string) => readFileSync(join(folder, file), 'utf8');
const oldBoard = () => JSON.parse(text('old.json')) as Record<string, unknown>;

describe('an older board', () => {
  test('of the same detector has the same figures, from its report as from its results', () => {
    for (const file of ['old.json', 'mine.db']) {
      const args = [...asked, '--db', 'mine.db', '--baseline', file, '--max-regress', '0%'];
      const { status, stderr, board } = bench(folder, args);
      expect(stderr).toMatch(/^running mine\.ts, sha256:[0-9a-f]{64}, for it was typed[^\n]*\n$/);
      expect(status).toBe(0);
      expect(board).toMatchObject({ baseline: { file, reasons: [] } });
    }
  });

  test('that was better makes it exit with 1, a line a figure, wherever CI looks', () => {
    writeDetector(folder, 'mine', silent);
    const reports = ['--report', 'worse.xml', '--report', 'worse.md'];
    const against = ['--baseline', 'old.json', '--max-regress', '2%'];
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    writeFileSync(env.GITHUB_STEP_SUMMARY, 'of the step before\n');
    const { status, stderr } = bench(
      folder,
      [...asked, '--db', 'worse.db', ...against, ...reports],
      env,
    );
    writeDetector(folder, 'mine', slow);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^mine: recall 1\.000 → 0\.000 \(100 % worse\), 2 % allowed; by item −0\.500 on average of 2, p 1\.000: may be chance$/m,
    );
    expect(stderr).toMatch(
      /^::error file=mine\.ts,line=1,title=mine%3A recall no more than 2 %25 /m,
    );
    expect(stderr).toMatch(/^::notice file=outages\/store-turns-slow\/scenario\.yaml,line=1,/m);
    // The set that nobody changed is as it was.
    expect(stderr).not.toMatch(/^default set/m);
    const xml = parseXml(text('worse.xml'));
    expect(Number(xml.attributes['failures'])).toBe(stderr.match(/^mine: /gm)?.length);
    expect(text('worse.md')).toMatch(/^\| recall \| 1\.000 \| 0\.000 \| 🔻 100 % worse \|$/m);
    expect(text('summary.md')).toBe(`of the step before\n${text('worse.md')}\n`);
  });

  test('of other scenarios, seeds or engines is refused before anything is played, unless forced', () => {
    const other = { ...oldBoard(), engineVersion: '0.0.9', seeds: [1, 2] };
    writeFileSync(join(folder, 'other.json'), JSON.stringify(other));
    const args = [...asked, '--db', 'never.db', '--baseline', 'other.json'];
    const refused = bench(folder, args);
    expect(refused.status).toBe(2);
    expect(refused.board).toMatchObject({ code: 'RESULTS_INCOMPARABLE' });
    expect(refused.stderr).toMatch(
      /engine 0\.0\.9 made one, .* the other; seeds 1, 2 in one, 1 in/,
    );
    expect(refused.stderr).toContain('add --force');
    expect(existsSync(join(folder, 'never.db'))).toBe(false);
    const forced = bench(folder, [
      ...asked,
      '--db',
      'mine.db',
      '--baseline',
      'other.json',
      '--force',
    ]);
    expect(forced.status).toBe(0);
    expect(forced.board.notes.at(-1)).toMatch(
      /^Compared with other\.json by force.* engine 0\.0\.9/,
    );
  });

  test('that is none is refused with what is wrong with it', () => {
    const [row] = oldBoard()['rows'] as unknown[];
    const wrong: Readonly<Record<string, string>> = {
      'cut.json': '{"suite": ',
      'list.json': '[]',
      'scores.json': JSON.stringify({ ...oldBoard(), rows: [{ ...(row as object), scores: [1] }] }),
      'proto.json': JSON.stringify({
        ...oldBoard(),
        rows: [{ entry: 'x', figures: { f1: 'NaN' } }],
      }),
    };
    for (const [file, content] of Object.entries(wrong)) {
      writeFileSync(join(folder, file), content);
      const { status, board } = bench(folder, [...asked, '--baseline', file]);
      expect(board, file).toMatchObject({ code: 'BASELINE_UNREADABLE' });
      expect(status).toBe(2);
    }
    expect(bench(folder, [...asked, '--baseline', 'none.json']).board).toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  test('is what --max-regress and --force are for', () => {
    const { status, stderr } = bench(folder, [...asked, '--max-regress', '2%']);
    expect(status).toBe(2);
    expect(stderr).toContain('--max-regress is for a --baseline');
    expect(bench(folder, [...asked, '--force']).stderr).toContain('--force is for a --baseline');
    const args = [...asked, '--baseline', 'old.json', '--max-regress', 'much'];
    expect(bench(folder, args).stderr).toContain('write it as 2%');
  });
});

describe('bench show', () => {
  const show = (...args: readonly string[]) => {
    const { status, stdout, stderr } = workbench(['bench', 'show', ...args], { cwd: folder });
    return { status, stdout, stderr };
  };

  test('is the board again, and the worst mistakes with the commands that play them', () => {
    const shown = JSON.parse(show('mine.db', '--json', '--detector', 'constant').stdout);
    expect(shown.rows).toEqual(oldBoard()['rows']);
    expect(shown).toMatchObject({ missing: 0, worst: { entry: 'constant', costColumn: 'f1' } });
    const alarms = shown.worst.mistakes.filter(
      (one: { kind: string }) => one.kind === 'false-alarm',
    );
    expect(alarms.length).toBeGreaterThan(0);
    for (const { command, tUs, title } of alarms) {
      const [, words = ''] = /workbench (run .*) --open --at [\d:]+$/.exec(command) ?? [];
      const played = workbench([...words.split(' '), '--json'], { cwd: folder });
      const end = JSON.parse(played.stdout.trim().split('\n').at(-1) ?? 'null');
      expect(end.incidents).toContainEqual(expect.objectContaining({ openedAt: tUs, title }));
    }
  });

  test('of a file of somebody’s names that file', () => {
    const { stdout } = show('mine.db', '--worst', '1');
    expect(stdout).toContain('mine: ');
    const shown = JSON.parse(show('mine.db', '--json', '--detector', 'default set').stdout);
    expect(shown.rows.find((one: { entry: string }) => one.entry === 'mine').detectors).toBe(
      join(folder, 'mine.ts'),
    );
  });

  test(
    'of a benchmark that was cut off says how much is missing',
    { timeout: 60_000 },
    async () => {
      const args = ['bench', ...asked, '--workers', '1', '--seeds', '6', '--db', 'cut.db'];
      const first = startWorkbench(args, { cwd: folder });
      await first.printed(/^3 of 12 plays/m);
      first.child.kill('SIGKILL');
      await first.finished;
      const { status, stdout, stderr } = show('cut.db');
      expect(status).toBe(0);
      expect(stdout).toMatch(/outages: 2 items, 6 seeds/);
      const [, missing = '0'] = /cut off: (\d+) scores missing/.exec(stderr) ?? [];
      const { rows } = JSON.parse(show('cut.db', '--json').stdout);
      // Plays are kept whole: each has a score of every entry.
      expect(Number(missing) % rows.length).toBe(0);
      expect(Number(missing) / rows.length).toBeLessThanOrEqual(9);
      expect(Number(missing)).toBeGreaterThan(0);
    },
  );

  test('of series tells rows, window, score and threshold', () => {
    writeSeries(folder);
    const level = writeDetector(folder, 'level', 'return point.value > 2 ? 1 : 0;');
    expect(bench(folder, ['--suite', 'nab', '--dir', 'nab', '--detector', level]).status).toBe(0);
    // By the name of its suite.
    const { stdout } = show('nab');
    expect(stdout).toMatch(/missed {2}made\/low\.csv .*costs [\d.]+ NAB/);
    expect(stdout).toMatch(
      /rows 390–440, highest score 0\.0000, threshold 1\.0000, nab\/data\/made\/low\.csv/,
    );
    expect(stdout).not.toMatch(/workbench run/);
  });

  test('of a board that a stranger made up is refused', () => {
    const changes = {
      'no JSON': "'{'",
      'no board': "'{}'",
      'a title that is none': 'replace(board, \'"title":"F1"\', \'"title":7\')',
      'a score too few': 'replace(board, \'"scores":[\', \'"scores":[1,\')',
    };
    for (const [name, sql] of Object.entries(changes)) {
      copyFileSync(join(folder, 'mine.db'), join(folder, 'strange.db'));
      const db = new Database(join(folder, 'strange.db'));
      db.exec(`UPDATE board SET board = ${sql}`);
      db.close();
      const { status, stderr } = show('strange.db');
      expect(stderr, name).toMatch(/strange\.db holds no results of a benchmark \(/);
      expect(status).toBe(4);
    }
  });

  test('and bench list name what there is', () => {
    expect(show('nbb').stderr).toContain('did you mean nab?');
    expect(show('mine.db', '--detector', 'constnat').stderr).toContain('did you mean constant?');
    expect(show('none.db').stderr).toContain('no such file: none.db');
    const { stdout } = workbench(['bench', 'list'], { cwd: folder });
    expect(show('mine.db', '--workers', '2').stderr).toContain('--workers is for bench, not for');
    expect(stdout).toMatch(/^nab +finished +2 +1 +\d+ +20/m);
    const { status, stderr } = workbench(['bench', 'shwo'], { cwd: folder });
    expect(status).toBe(2);
    expect(stderr).toContain('did you mean show?');
  });
});
