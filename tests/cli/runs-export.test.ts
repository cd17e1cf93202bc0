/** `workbench runs export`, in process on a real run file with a stranger's text in it. */
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileTarget } from '../../cli/export-target.ts';
import { plain } from '../../cli/output/markdown-text.ts';
import { runCli } from '../../cli/program.ts';
import type { IncidentEvent } from '../../engine/incident/index.ts';
import { exportRows, exportTableNames, openRun } from '../../engine/query/index.ts';
import { fakeIo } from '../support/fake-io.ts';
import { makeRunFile } from '../support/run-file.ts';

const bodies = [
  'plain',
  '=HYPERLINK("http://evil.test")',
  '+1',
  '-5 apples',
  '@cmd|calc',
  '\tpadded',
  '＝full',
  'two\nlines, "quoted"',
  "'already",
  '<img src=x onerror=alert(1)> | [link](http://evil.test) \u001b[2J',
];

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-export-'));
  file = makeRunFile(join(folder, 'shop-1.db'), {
    id: 'shop-1',
    services: [{ name: 'web', entry: true }, { name: 'db' }],
    dependencies: [[0, 1]],
    durationUs: 60_000_000,
    detectors: ['zscore'],
    logs: bodies.map((body, i) => ({ t: i * 1_000_001, service: 0, severity: 9, body })),
    series: [{ service: 1, name: 'temperature' }],
    samples: [
      [0, 1_000_000, -5],
      [0, 2_000_000, 0.25],
    ],
    findings: [{ t: 3_000_000, detector: 0, subject: 'web', service: null }],
    incidentEvents: [
      { t: 4_000_000, incident: 1, kind: 'opened', title: bodies[9] ?? '', severity: 'high' },
    ],
  });
  const db = new Database(file);
  db.exec(`INSERT INTO scenario VALUES ('/home/me/x.yaml', 'SECRET-SOURCE');
    INSERT INTO truth_cause (service, fault, category, also_accepted)
      VALUES ('db', 'SECRET-FAULT', 'saturation', '[]');
    INSERT INTO truth_fault VALUES ('SECRET-FAULT', 'latency', 'db', 1000000, NULL, '{}')`);
  db.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function exported(...flags: readonly string[]) {
  const io = fakeIo({ cwd: folder });
  const code = await runCli(io, ['runs', 'export', 'shop-1', '--runs', folder, ...flags]);
  return { code, ...io.printed };
}
const objects = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('ndjson: the run, its rows, and an end that counts them', async () => {
  const { code, stdout } = await exported();
  expect(code).toBe(0);
  const told = objects(stdout);
  expect(told[0]).toMatchObject({ schema: 1, type: 'run', id: 'shop-1' });
  expect(told.find((row) => row['type'] === 'log')).toEqual({
    type: 'log',
    time: '1970-01-01T00:00:00.000000Z',
    t: 0,
    service: 'web',
    severity: 9,
    body: 'plain',
    trace_id: null,
    attributes: null,
    template_id: null,
  });
  expect(told.filter((row) => row['type'] === 'log').map((row) => row['body'])).toEqual(bodies);
  expect(told.find((row) => row['type'] === 'sample')).toMatchObject({
    time: '1970-01-01T00:00:01.000000Z',
    metric: 'temperature',
    value: -5,
    attributes: { le: '5' },
  });
  const last = told.at(-1) as { counts: Record<string, number> };
  expect(last).toMatchObject({ type: 'end', counts: { log: 10, sample: 2, finding: 1 } });
  const sum = Object.values(last.counts).reduce((a, b) => a + b, 0);
  expect(told).toHaveLength(sum + 2);
});

test('microseconds of a real start are kept', async () => {
  const db = new Database(file);
  db.prepare('UPDATE run SET start_unix_us = ?').run(1_772_442_000_999_999n);
  db.close();
  const [, first, second] = (await exported('--format', 'csv')).stdout.split('\r\n');
  expect(first).toMatch(/^2026-03-02T09:00:00\.999999Z,/);
  expect(second).toMatch(/^2026-03-02T09:00:02\.000000Z,/);
});

test('nobody gets ground truth who did not ask for it', async () => {
  for (const format of ['ndjson', 'md', 'csv']) {
    expect((await exported('--format', format)).stdout).not.toMatch(/SECRET|saturation/);
  }
  for (const table of ['truth_fault', 'truth_cause', 'scenario']) {
    const refused = await exported('--format', 'csv', '--table', table);
    expect(refused.code).toBe(2);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toMatch(/holds ground truth\nnext {2}add --with-truth/);
  }
  const all = objects((await exported('--with-truth')).stdout);
  expect(all.filter((row) => String(row['type']).startsWith('truth_'))).toHaveLength(2);
  expect(JSON.stringify(all)).not.toContain('/home/me');
  expect((await exported('--format', 'md', '--with-truth')).stdout).toContain('SECRET-FAULT');
});

test('csv: no text is a formula, no number is touched, every text comes back', async () => {
  const { stdout } = await exported('--format', 'csv');
  const rows = parse(stdout, { columns: true }) as Record<string, string>[];
  expect(rows.map((row) => row['body'])).toEqual(
    bodies.map((body) => (/^[=+\-@\t＝]/.test(body) ? `'${body}` : body)),
  );
  const raw = parse((await exported('--format', 'csv', '--raw')).stdout, { columns: true });
  expect((raw as Record<string, string>[]).map((row) => row['body'])).toEqual(bodies);
  const samples = await exported('--format', 'csv', '--table', 'sample');
  expect(samples.stdout).toMatch(/,temperature,-5,1,/);
});

test('md: a page, and nothing of a stranger in it is markup', async () => {
  const { stdout } = await exported('--format', 'md');
  expect(stdout).toContain('# A test');
  expect(stdout).toContain('| 1 | high | open | T+00:04 |');
  expect(stdout).not.toMatch(/<img|[^\\]\[link|[^`]http:\/\/evil|\u001b/);
  expect(stdout).toContain('onerror=alert(1)> \\| \\[link](`http://evil.test)` ␛\\[2J');
});

test('md: many alerts of a moment make a line, and budget is told without ground truth', async () => {
  const second = 1_000_000;
  const alert = (t: number, kind: 'alert-firing' | 'alert-resolved', n: number) =>
    ({
      ...{ t: t * second, incident: 1, kind, fingerprint: `zscore:web/${n}`, detector: 'zscore' },
      ...{ severity: 'warning', score: 0.9, body: `Rate ${n} of web is high.`, service: 0 },
    }) as unknown as IncidentEvent;
  const many = [1, 2, 3, 4];
  makeRunFile(join(folder, 'many.db'), {
    services: [{ name: 'web', entry: true }, { name: 'db' }],
    durationUs: 120 * second,
    state: 'interrupted',
    throughUs: 60 * second,
    windows: [0, 1, 8].map((bucket) => ({
      ...{ service: 0, bucket, state: 'degraded' },
      figures: { requestRate: 10, errorRatio: 0.75, latencyP95: 0.1 },
    })),
    incidentEvents: [
      { t: 10 * second, incident: 1, kind: 'opened', title: 'web is slow', severity: 'high' },
      { t: 10 * second, incident: 1, kind: 'service-affected', service: 0 },
      { t: 10 * second, incident: 1, kind: 'service-affected', service: 1 },
      ...many.map((n) => alert(10, 'alert-firing', n)),
      alert(20, 'alert-firing', 5),
      ...many.map((n) => alert(20 + n, 'alert-resolved', n)),
      alert(30, 'alert-firing', 6),
      alert(40, 'alert-resolved', 5),
      { t: 50 * second, incident: 1, kind: 'auto-resolved', reason: 'quiet' },
    ],
  });
  const io = fakeIo({ cwd: folder });
  expect(await runCli(io, ['runs', 'export', 'many.db', '--format', 'md'])).toBe(0);
  const lines = io.printed.stdout.split('\n');
  expect(lines.filter((line) => line.startsWith('- T+'))).toEqual([
    '- T+00:10 Opened with severity high: web is slow',
    '- T+00:10 2 services are affected: web, db',
    '- T+00:10 4 alerts began, such as zscore: Rate 1 of web is high; zscore: Rate 2 of web is high',
    '- T+00:20 zscore: Rate 5 of web is high.',
    '- T+00:21 4 alerts ended by T+00:24',
    '- T+00:30 zscore: Rate 6 of web is high.',
    '- T+00:40 Alert ended: zscore:web/5',
    '- T+00:50 Resolved by itself: quiet',
  ]);
  // Two buckets of ten seconds; the third lies behind what is known.
  expect(lines).toContain(
    '- Error budget lost: web 0.25 min (minutes of full outage, by error ratio)',
  );
});

test.each([
  ['notifications is slow (p95 204 ms)', 'notifications is slow (p95 204 ms)'],
  ['GET /products/{id} of error_ratio, 0+1!', 'GET /products/{id} of error_ratio, 0+1!'],
  ['see http://a.test/x_y(z)? or www.b.test', 'see `http://a.test/x_y(z)?` or `www.b.test`'],
  ['_http://a.test (WWW.b.test', '\\_`http://a.test` (`WWW.b.test`'],
  ['mailto:a@b.test', '`mailto:a@b.test`'],
  ['`http://a.test`', '\\``http://a.test`\\`'],
  [
    '_a_ *b* ~~c~~ `d` [e](f) ![g](h) a|b',
    '\\_a\\_ \\*b\\* \\~\\~c\\~\\~ \\`d\\` \\[e](f) !\\[g](h) a\\|b',
  ],
  ['<b> a < b &lt; R&D &#60; @me #12', '&lt;b> a &lt; b &amp;lt; R&D &amp;\\#60; &#64;me \\#12'],
  ['\\*a \\b \\', '\\\\\\*a \\b \\\\'],
  ['# a', '\\# a'],
  ['> a', '\\> a'],
  ['- a', '\\- a'],
  ['---', '\\---'],
  ['12. a', '12\\. a'],
  ['    code', 'code'],
  ['-5.2 %', '-5.2 %'],
])('md: %j is %j', (text, markdown) => {
  expect(plain(text)).toBe(markdown);
});

test('a file is whole or not there, and an old one is kept', async () => {
  const out = join(folder, 'rows.ndjson');
  const { code, stdout, stderr } = await exported('--out', 'rows.ndjson');
  expect([code, stdout, stderr]).toEqual([0, '', 'wrote rows.ndjson\n']);
  expect(objects(readFileSync(out, 'utf8')).at(-1)).toMatchObject({ type: 'end' });
  writeFileSync(out, 'mine');
  const kept = await exported('--out', 'rows.ndjson');
  expect(kept.code).toBe(2);
  expect(readFileSync(out, 'utf8')).toBe('mine');
  expect((await exported('--out', 'rows.ndjson', '--force')).code).toBe(0);
  const nowhere = await exported('--out', 'no/folder/x');
  expect(nowhere.code).toBe(4);
  expect(nowhere.stderr).toMatch(/\nnext {2}name another file with --out\n$/);
  expect(readdirSync(folder).sort()).toEqual(['rows.ndjson', 'shop-1.db']);
});

test('a folder is never a target, and nothing is left beside it', async () => {
  mkdirSync(join(folder, 'taken'));
  for (const flags of [[], ['--force']]) {
    const { code, stderr } = await exported('--out', 'taken', ...flags);
    expect(stderr).toMatch(/^error cannot write taken: it is a folder\n/);
    expect(code).toBe(4);
  }
  expect(readdirSync(folder).sort()).toEqual(['shop-1.db', 'taken']);
});

test('a place that is taken while the export is written ends with 4, and nothing is left', () => {
  const place = join(folder, 'late');
  const target = fileTarget(place, { overwrite: true, source: file });
  void target.write('a row');
  mkdirSync(place);
  expect(() => target.close()).toThrow(expect.objectContaining({ code: 'STORAGE_FAILED' }));
  target.abandon();
  expect(readdirSync(folder).sort()).toEqual(['late', 'shop-1.db']);
});

test("a file of one's own beside the target is kept", async () => {
  writeFileSync(join(folder, 'rows.ndjson.partial'), 'mine');
  expect((await exported('--out', 'rows.ndjson')).code).toBe(0);
  expect(readFileSync(join(folder, 'rows.ndjson.partial'), 'utf8')).toBe('mine');
  expect(readdirSync(folder)).toHaveLength(3);
});

test('a run is not replaced by its export, whatever name leads to it', async () => {
  const before = readFileSync(file);
  symlinkSync(file, join(folder, 'soft'));
  linkSync(file, join(folder, 'hard'));
  for (const name of ['shop-1.db', 'soft', 'hard']) {
    const { code, stderr } = await exported('--out', name, '--force');
    expect(stderr).toBe(`error ${name} is the run itself\nnext  name another file with --out\n`);
    expect(code).toBe(2);
  }
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(lstatSync(join(folder, 'soft')).isSymbolicLink()).toBe(true);
});

test.each([
  [['--table', 'logs'], /no table "logs"\nnext {2}did you mean log\?/],
  [['--format', 'xml'], /Allowed choices are ndjson, csv, md/],
  [['--format', 'csv', '--table', 'log', '--table', 'span'], /a CSV file holds one table/],
  [['--format', 'md', '--table', 'log'], /a summary has no tables/],
] as const)('%j is refused', async (flags, words) => {
  const { code, stdout, stderr } = await exported(...flags);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(words);
});

test('a damaged run ends with 4 and says so', async () => {
  const db = new Database(file);
  const page = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'log'").pluck().get();
  db.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, (Number(page) - 1) * 4096, Number(page) * 4096);
  writeFileSync(file, bytes);
  const { code, stderr } = await exported('--table', 'log');
  expect(stderr).toMatch(/is damaged/);
  expect(code).toBe(4);
});

test('no export sorts: the order of the rows is that of the file', () => {
  const reader = openRun(file);
  const plans: string[] = [];
  const explained = Object.create(reader) as typeof reader;
  explained.statement = (sql, mode) => {
    if (sql.includes('@start')) {
      const plan = reader.db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
      plans.push(...plan.all({ start: 1 }).map((row) => row.detail));
    }
    return reader.statement(sql, mode);
  };
  for (const name of exportTableNames) expect([...exportRows(explained, name)]).toBeDefined();
  reader.close();
  expect(plans.length).toBeGreaterThan(10);
  expect(plans.filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([]);
});
