/** Recordings that are cut, packed, huge or strange: every record is stored or counted, whatever it is. */
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SourceFormat } from '../../engine/scenario/model.ts';
import { readAll, recorded, workplace, type Workplace } from '../support/recording.ts';
import { startWorkbench, workbench } from '../support/workbench.ts';

let place: Workplace;
beforeEach(() => void (place = workplace()));
afterEach(() => place.remove());

const start = 1_714_564_800;
const logLine = (i: number, msg = `line ${i}`): string =>
  `${JSON.stringify({ ts: start + i, service: 'web', msg })}\n`;
const logLines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => logLine(from + i)).join('');
const csvHeader = 'time,service,metric,value\n';
const csvRow = (i: number, value: string | number = i): string => `${start + i},web,cpu,${value}\n`;

/** Reads a file, and holds what was counted against what came out. */
async function read(content: string | Uint8Array, format: SourceFormat = 'jsonl-logs') {
  const path = place.write('recording', content);
  const scenario = recorded([{ format, path, options: {} }]);
  const { header, records, report } = await readAll(scenario, place.cacheFolder);
  const counts = header.intake ?? { read: 0, stored: 0, rejected: 0, truncated: 0, duplicates: 0 };
  expect(records).toHaveLength(counts.stored);
  expect(counts.read).toBe(counts.stored + counts.rejected + counts.duplicates);
  return { counts, records, rejections: report.rejections };
}

describe('gzip', () => {
  const packed = gzipSync(logLines(0, 2_000));

  test('members one after the other are one file, padding is none of it', async () => {
    const members = [gzipSync(logLines(0, 1_000)), gzipSync(logLines(1_000, 2_000))];
    const { counts } = await read(Buffer.concat([...members, Buffer.alloc(512)]));
    expect(counts).toMatchObject({ read: 2_000, stored: 2_000 });
  });

  test('cut off, it gives what it holds, and the loss is counted', async () => {
    const { counts, rejections } = await read(packed.subarray(0, packed.length / 2));
    expect(counts.stored).toBeGreaterThan(900);
    expect(rejections.map(({ reason }) => reason)).toEqual([
      'the gzip stream ends early',
      'not JSON',
    ]);
  });

  test.each([
    ['other bytes inside', (bytes: Buffer) => bytes.fill(0x55, 200, 220)],
    ['a wrong checksum', (bytes: Buffer) => bytes.fill(0, bytes.length - 8, bytes.length - 4)],
    [
      'other bytes behind it',
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('tail of a log')]),
    ],
  ])('damaged, it is no recording: %s', async (_what, damage) => {
    await expect(read(damage(Buffer.from(packed)))).rejects.toMatchObject({
      code: 'RECORDING_UNREADABLE',
    });
  });

  test('a bomb is refused early', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
    const before = performance.now();
    await expect(read(Buffer.concat(Array.from({ length: 64 }, () => bomb)))).rejects.toMatchObject(
      {
        code: 'RECORDING_UNREADABLE',
        message: expect.stringContaining('unpacks to more than 500 times its size') as string,
      },
    );
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe('lines', () => {
  test('end with CRLF, after a byte order mark, or with a CR alone', async () => {
    for (const text of [
      `\uFEFF${logLines(0, 9)}`.replaceAll('\n', '\r\n'),
      logLines(0, 9).replaceAll('\n', '\r'),
    ]) {
      expect((await read(text)).counts).toMatchObject({ read: 9, stored: 9 });
    }
    const rows = csvHeader + csvRow(1) + csvRow(2);
    for (const end of ['\r\n', '\r']) {
      const { counts } = await read(rows.replaceAll('\n', end), 'csv-metrics-long');
      expect(counts).toMatchObject({ read: 2, stored: 2 });
    }
  });

  test('of UTF-16 are told so', async () => {
    await expect(read(Buffer.from(`\uFEFF${logLines(0, 3)}`, 'utf16le'))).rejects.toMatchObject({
      message: expect.stringContaining('save it as UTF-8') as string,
    });
  });

  test('with NUL bytes are no JSON, and their neighbours are', async () => {
    const { counts, rejections } = await read(`${logLine(0)}\0\0\0\n${logLine(1, 'a\0b')}`);
    expect(counts).toMatchObject({ read: 3, stored: 2, rejected: 1 });
    expect(rejections[0]).toMatchObject({ line: 2 });
  });

  test('with a key twice mean the last one, as every JSON reader has it', async () => {
    const { records } = await read(`{"ts":"bad","ts":${start},"msg":"a","msg":"b"}\n`);
    expect(records[0]).toMatchObject({ name: 'b' });
  });

  test('have times in seconds, ms, µs and ns, as numbers and as text, side by side', async () => {
    const times = [
      ...['', '000', '000000', '000000000'].map((zeros, i) => `${start + i}${zeros}`),
      ...['', '.5'].map((fraction, i) => `"${start + 4 + i}${fraction}"`),
      `${start + 6}.25`,
      `"2024-05-01T12:00:07Z"`,
    ];
    const useless = ['-5', '"NaN"', 'true', '{}', '[]', 'null', '""', '"yesterday"'];
    const text = [...times, ...useless].map((ts) => `{"ts":${ts},"msg":"x"}\n`).join('');
    const { counts, records } = await read(text);
    expect(records.map(({ t }) => t / 1e6)).toEqual([0, 1, 2, 3, 4, 5.5, 6.25, 7]);
    expect(counts).toMatchObject({ read: 16, rejected: useless.length });
  });

  test('keep their own nanoseconds, whatever an object before them says', async () => {
    const { records } = await read(
      `{"a":{"ts":1234567890123456789},"ts":${start}000000900,"msg":"x"}\n`,
    );
    expect(records[0]?.attributes).toMatchObject({ nanosecond: 900 });
  });
});

describe('rows', () => {
  test('with a quote that is never closed cost one row, not the rest of the file', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => csvRow(i + 2)).join('');
    const text = `${csvHeader}${csvRow(0)}${start + 1},"web,cpu,2\n${rows}`;
    const { counts, rejections } = await read(text, 'csv-metrics-long');
    expect(counts).toMatchObject({ read: 60_002, stored: 60_001, rejected: 1 });
    expect(rejections).toMatchObject([{ line: 3, reason: 'a quote is not closed' }]);
  });

  test('that open a quote each are counted one by one, in the time of one reading', async () => {
    // Open again whether or not the line before it left a quote open.
    const text = csvHeader + csvRow(0) + '"a"b,"\n'.repeat(400_000);
    const before = performance.now();
    const { counts } = await read(text, 'csv-metrics-long');
    expect(counts).toMatchObject({ read: 400_001, stored: 1, rejected: 400_000 });
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  test('may span lines, and hold quotes that open nothing', async () => {
    const text = `time,service,metric,value,note\n${start},web,cpu,1,"two\nlines, ""quoted"""\n${start + 1},web,cpu,2,5" disk\n\n${start + 2},web,cpu,3,\n`;
    const { counts, records } = await read(text, 'csv-metrics-long');
    expect(counts).toMatchObject({ read: 3, stored: 3 });
    expect(records.map(({ value }) => value)).toEqual([1, 2, 3]);
  });

  test('hold values that are none', async () => {
    const values = ['NaN', 'Infinity', '1e400', 'abc', '', '"4"', '5'];
    const text = csvHeader + values.map((value, i) => csvRow(i, value)).join('') + csvRow(6, 5);
    const { counts } = await read(text, 'csv-metrics-long');
    expect(counts).toMatchObject({ read: 8, stored: 2, rejected: 5, duplicates: 1 });
  });
});

describe('through the command', () => {
  /** 200 MB without a newline, between two good lines. */
  function writeGiant(file: string): void {
    const piece = Buffer.alloc(8 * 1024 * 1024, 'a');
    const out = openSync(file, 'w');
    writeSync(out, `${logLine(0)}{"ts":${start + 1},"service":"web","msg":"`);
    for (let i = 0; i < 25; i++) writeSync(out, piece);
    writeSync(out, `"}\n${logLine(2)}`);
    closeSync(out);
  }

  test.skipIf(process.platform !== 'linux')('a line of 200 MB costs no memory', async () => {
    writeGiant(join(place.folder, 'giant.jsonl'));
    const run = startWorkbench(['import', 'jsonl', 'giant.jsonl', '--json'], { cwd: place.folder });
    let peakKb = 0;
    const watch = setInterval(() => {
      peakKb = Math.max(peakKb, peakOf(run.child.pid));
    }, 10);
    const done = await run.finished;
    clearInterval(watch);
    expect(JSON.parse(done.stdout)).toMatchObject({
      intake: { read: 3, stored: 3, rejected: 0, truncated: 1, duplicates: 0 },
    });
    expect(peakKb).toBeGreaterThan(20_000);
    expect(peakKb).toBeLessThan(180_000);
  });

  function peakOf(pid: number | undefined): number {
    try {
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0; // it has ended
    }
  }

  const scenario = (...paths: readonly string[]): string => `apiVersion: workbench/v1
kind: recorded
name: strange
sources: [${paths.map((path) => `{ format: jsonl-logs, path: ${JSON.stringify(path)} }`).join(', ')}]
`;

  test('what was read, stored, rejected and doubled is told and kept', () => {
    // The same line twice in one file happened twice; in two files it was collected twice.
    place.write('one.jsonl', `${logLines(0, 5)}not JSON\n${logLine(4)}\n`);
    place.write('two.jsonl', logLines(3, 9));
    place.write('scenario.yaml', scenario('one.jsonl', 'two.jsonl'));
    const cwd = place.folder;
    expect(workbench(['run', 'scenario.yaml', '--db', 'out.db'], { cwd }).status).toBe(0);
    const db = new Database(join(cwd, 'out.db'), { readonly: true });
    expect(
      db
        .prepare(
          `SELECT read_count AS read, stored_count AS stored, rejected_count AS rejected,
             duplicate_count AS duplicates, (SELECT count(*) FROM log) AS rows FROM run`,
        )
        .get(),
    ).toEqual({ read: 13, stored: 10, rejected: 1, duplicates: 2, rows: 10 });
    db.close();
    const shown = workbench(['runs', 'show', 'out.db'], { cwd }).stdout;
    expect(shown).toContain('10 stored of 13 read, 1 rejected, 2 duplicates');
  });

  test('a source that is missing, or no file, is named', () => {
    place.write('requests.jsonl', logLine(0));
    mkdirSync(join(place.folder, 'folder'));
    spawnSync('mkfifo', [join(place.folder, 'pipe')]);
    for (const [path, said] of [
      ['request.jsonl', 'did you mean'],
      ['folder', 'it is a folder'],
      ['pipe', 'it is no regular file'],
    ] as const) {
      place.write('scenario.yaml', scenario(path));
      const done = workbench(['run', 'scenario.yaml'], { cwd: place.folder });
      expect([path, done.status]).toEqual([path, 2]);
      expect(done.stderr).toContain(path);
      expect(done.stderr).toContain(said);
    }
  });

  describe('a stranger\u2019s scenario', () => {
    const inside = (name: string): string => join(place.folder, 'theirs', name);
    beforeEach(() => {
      mkdirSync(join(place.folder, 'theirs'));
      place.write('mine.jsonl', logLine(0));
      place.write('theirs/own.jsonl', logLine(0));
    });
    const runIt = (path: string, ...flags: string[]) => {
      place.write('theirs/scenario.yaml', scenario(path));
      return workbench(['run', inside('scenario.yaml'), '--quiet', ...flags], {
        cwd: place.folder,
      });
    };

    test('reads below its own folder, and nowhere else', () => {
      expect(runIt('own.jsonl').status).toBe(0);
      symlinkSync(join(place.folder, 'mine.jsonl'), inside('link.jsonl'));
      symlinkSync('/', inside('root'));
      for (const path of [
        '../mine.jsonl',
        join(place.folder, 'mine.jsonl'),
        'link.jsonl',
        `root${join(place.folder, 'mine.jsonl')}`,
        '/proc/self/environ',
        '/etc/passwd',
        // Whether it is there is not told either.
        '../missing.jsonl',
        '../theirs-not/own.jsonl',
      ]) {
        const done = runIt(path);
        expect([path, done.status]).toEqual([path, 2]);
        expect(done.stderr).toContain('lies outside of the folders that the scenario may read');
        expect(done.stderr).toContain('--allow');
      }
    });

    test('reads what a person allows, or has imported from', () => {
      expect(runIt('../mine.jsonl', '--allow', '.').status).toBe(0);
      const imported = workbench(['import', 'jsonl', 'mine.jsonl', '--out', 'made/mine.yaml'], {
        cwd: place.folder,
      });
      expect(imported.status).toBe(0);
      const made = workbench(['run', 'made/mine.yaml', '--quiet'], { cwd: place.folder });
      expect(made.status).toBe(0);
      expect(runIt('../mine.jsonl').status).toBe(0);
      expect(runIt('/etc/passwd').status).toBe(2);
    });
  });
});
