/** What a benchmark tells, on made-up boards: each form against what reads it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annotationLines } from '../../cli/output/bench-annotations.ts';
import { boardJunit } from '../../cli/output/bench-junit.ts';
import { mistakeLines, toldMistakes } from '../../cli/output/bench-mistakes.ts';
import { timeLeft } from '../../cli/output/bench-progress.ts';
import { boardLines } from '../../cli/output/board.ts';
import { boardMarkdown } from '../../cli/output/board-markdown.ts';
import { printable } from '../../engine/terminal-text.ts';
import { alarmed, board, missed, report, row } from '../support/bench-report.ts';
import { parseXml, type XmlElement } from '../support/xml.ts';

const unpainted = (_: string, text: string): string => text;
const hostile = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
const hostileNames = [
  '"><script>alert(1)</script>',
  ']]>&amp;<!--',
  '::error::x%0A::add-mask::y',
  'a,b:c=d%',
  '\u001b[2J\u0000\r\n::stop-commands::t',
  '| `x` | @team #12 |\n\n# no heading',
];

describe('JUnit', () => {
  /** The elements and attributes of the schema that Jenkins' xUnit plug-in publishes (junit-10.xsd). */
  const schema: Readonly<
    Record<string, { attributes: string[]; required: string[]; children: string[] }>
  > = {
    testsuites: {
      attributes: ['name', 'time', 'tests', 'failures', 'errors'],
      required: [],
      children: ['testsuite'],
    },
    testsuite: {
      attributes: [
        'name',
        'tests',
        'failures',
        'errors',
        'skipped',
        'time',
        'timestamp',
        'id',
        'package',
      ],
      required: ['name', 'tests', 'failures', 'errors'],
      children: ['properties', 'testcase', 'system-out', 'system-err'],
    },
    properties: { attributes: [], required: [], children: ['property'] },
    property: { attributes: ['name', 'value'], required: ['name', 'value'], children: [] },
    testcase: {
      attributes: ['name', 'time', 'classname', 'group'],
      required: ['name'],
      children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
    },
    failure: { attributes: ['type', 'message'], required: [], children: [] },
    error: { attributes: ['type', 'message'], required: [], children: [] },
    skipped: { attributes: ['type', 'message'], required: [], children: [] },
    'system-out': { attributes: [], required: [], children: [] },
  };

  function requireSchema(element: XmlElement): void {
    const rule = schema[element.name];
    expect(rule, element.name).toBeDefined();
    const names = Object.keys(element.attributes);
    expect(rule?.attributes).toEqual(expect.arrayContaining(names));
    expect(names).toEqual(expect.arrayContaining(rule?.required ?? []));
    expect(rule?.children).toEqual(
      expect.arrayContaining(element.children.map(({ name }) => name)),
    );
    element.children.forEach(requireSchema);
  }

  const cases = (suite: XmlElement | undefined) =>
    (suite?.children ?? []).filter(({ name }) => name === 'testcase');

  test('a suite for each entry asked for; failures are what decides the exit code', () => {
    const rows = [
      row('zscore', { scores: [1, 0.5, null], failures: ['zscore: metric: no'] }),
      row('other'),
      row('null', { role: 'baseline', f1: 0 }),
    ];
    const xml = parseXml(
      boardJunit(
        report(board(rows), {
          asked: ['zscore', 'other'],
          gates: [
            {
              entry: 'zscore',
              name: 'f1 of at least 0.8',
              passed: false,
              says: 'zscore: f1 is 0.5',
            },
            {
              entry: 'zscore',
              name: 'recall of at least 0.1',
              passed: true,
              says: 'recall is 0.5',
            },
          ],
          mistakes: { zscore: [missed, alarmed] },
        }),
      ),
    );
    requireSchema(xml);
    expect(xml.attributes).toMatchObject({ tests: '10', failures: '1', errors: '1' });
    expect(xml.children.map(({ attributes }) => attributes['name'])).toEqual(['zscore', 'other']);
    const [zscore] = xml.children;
    expect(zscore?.attributes).toMatchObject({
      tests: '6',
      failures: '1',
      errors: '1',
      skipped: '1',
    });
    const byName = new Map(cases(zscore).map((one) => [one.attributes['name'], one]));
    // Missed, and still no failure: nobody set a limit that it is below.
    const slow = byName.get('store-slow')?.children ?? [];
    expect(slow.map(({ name }) => name)).toEqual(['system-out']);
    expect(slow[0]?.text).toContain(
      'missed: store-slow, seed 2, T+04:00 – T+08:00, costs 0.167 F1',
    );
    expect(slow[0]?.text).toContain('workbench run outages/store-slow --seed 2 --detector zscore');
    expect(byName.get('quiet')?.children[0]?.name).toBe('skipped');
    expect(byName.get('f1 of at least 0.8')?.children[0]?.attributes['message']).toBe(
      'zscore: f1 is 0.5',
    );
    expect(byName.get('runs without failing')?.children[0]?.name).toBe('error');
  });

  test('what decides the exit code is in it, whoever was asked for', () => {
    const gate = { entry: 'default set', name: 'f1', passed: false, says: 'behind' };
    const rows = [row('zscore'), row('default set')];
    const xml = parseXml(boardJunit(report(board(rows), { gates: [gate] })));
    expect(xml.attributes['failures']).toBe('1');
  });

  test('names of strangers stay names', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.constantFrom(...hostileNames)), (name) => {
        const gate = { entry: name, name, passed: false, says: name };
        const made = board([row(name, { detectors: name, failures: [name] })], { suite: name });
        const mistakes = { [name]: [{ ...missed, title: name }] };
        const xml = parseXml(boardJunit(report(made, { gates: [gate], mistakes })));
        requireSchema(xml);
        expect(xml.children[0]?.attributes['name']).toBe(printable(name).replaceAll('\t', '\t'));
      }),
    );
  });
});

describe('annotations', () => {
  /** As the runner reads a line: ActionCommand.TryParseV2 of actions/runner. */
  function readByRunner(line: string) {
    expect(line).not.toMatch(/[\r\n]/);
    const [, head = '', data = ''] = /^::(.*?)::(.*)$/s.exec(line) ?? [];
    const [, command = '', pairs = ''] = /^(\S+)(?: (.*))?$/s.exec(head) ?? [];
    const back = (text: string) =>
      text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
    const properties = pairs.split(',').map((pair) => {
      const at = pair.indexOf('=');
      const value = pair
        .slice(at + 1)
        .replaceAll('%3A', ':')
        .replaceAll('%2C', ',');
      return [pair.slice(0, at), back(value)];
    });
    return { command, properties: Object.fromEntries(properties), message: back(data) };
  }

  test('name the detector that has to be mended, and where the worst mistakes are', () => {
    const gates = [
      {
        entry: 'mine',
        name: 'f1 of at least 0.8',
        passed: false,
        says: 'mine: f1 is 0.5, the limit 0.8',
      },
      { entry: 'mine', name: 'recall', passed: true, says: 'kept' },
    ];
    const made = board([row('mine', { detectors: '/home/me/d.ts:limit=3,b=x' })]);
    const lines = annotationLines(
      report(made, { gates, mistakes: { mine: [missed] } }),
      '/home/me',
    );
    expect(lines.map(readByRunner)).toEqual([
      {
        command: 'error',
        properties: { file: 'd.ts', line: '1', title: 'mine: f1 of at least 0.8' },
        message: 'mine: f1 is 0.5, the limit 0.8',
      },
      {
        command: 'notice',
        properties: {
          file: 'outages/store-slow/scenario.yaml',
          line: '1',
          title: 'mine, missed: store-slow, seed 2',
        },
        message:
          'T+04:00 – T+08:00, costs 0.167 F1: nothing was opened\n' +
          'workbench run outages/store-slow --seed 2 --detector ./d.ts:limit=3,b=x --open --at 04:00',
      },
    ]);
  });

  test('are no more than GitHub shows, and name no file outside of the checkout', () => {
    const gates = Array.from({ length: 30 }, (_, i) => ({
      ...{ entry: 'mine', name: `figure ${i}`, passed: false, says: 'worse' },
    }));
    const made = board([row('mine', { detectors: '/elsewhere/d.ts' })]);
    const lines = annotationLines(report(made, { gates }), '/home/me').map(readByRunner);
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)?.message).toBe('21 more, in the log');
    expect(lines[0]?.properties).toEqual({ title: 'mine: figure 0' });
  });

  test('names of strangers end no line and start no command', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.constantFrom(...hostileNames)), (name) => {
        const made = board([row(name, { failures: [name] })]);
        const lines = annotationLines(report(made), '/home/me');
        expect(lines).toHaveLength(1);
        const read = readByRunner(lines[0] ?? '');
        expect(read.command).toBe('error');
        expect(read.properties['title']).toBe(`${printable(name)} failed`);
        expect(read.message).toBe(name.split('\n').map(printable).join('\n'));
      }),
    );
  });
});

describe('mistakes', () => {
  test('have the command that plays them, as a shell takes it', () => {
    const own = row('default set', { detectors: 'slo-burn, zscore' });
    const dice = row('random #2', { role: 'baseline', detectors: 'random' });
    const made = board([own, dice]);
    const given = report(made, {
      place: { cwd: '/work', program: 'npx workbench' },
      mistakes: { 'default set': [alarmed], 'random #2': [alarmed] },
    });
    // A quarter second into a second: at its end there is something to see.
    expect(toldMistakes(given, own, 5)[0]?.command).toBe(
      'npx workbench run /home/me/outages/quiet --seed 2 --detector slo-burn --detector zscore --open --at 00:06',
    );
    // Its dice are thrown from a stream that no run has.
    expect(toldMistakes(given, dice, 5)[0]?.command).toBeNull();
  });

  test('of a series are told by rows, and have no run', () => {
    const series = { id: 'made/a.csv', kind: 'series' as const, hash: 'h', title: 'made/a.csv' };
    const item = { ...series, category: null, durationUs: 1e9, source: '/home/me/nab/a.csv' };
    const made = board([row('level')], { items: [item], seeds: [1] });
    const rows = { first: 390, last: 440 };
    const mistake = { ...missed, item: 'made/a.csv', seed: 1, rows, score: 0.42 };
    const given = report(made, { mistakes: { level: [mistake] } });
    const [entry] = given.details.entries;
    const judged = { ...given, details: { entries: entry ? [{ ...entry, threshold: 0.9 }] : [] } };
    const [first] = made.rows;
    const lines = first ? mistakeLines(judged, { row: first, most: 5, paint: unpainted }) : [];
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "level: the worst mistake

       1  missed  made/a.csv  T+04:00 – T+08:00  costs 0.167 F1
          nothing was opened
          rows 390–440, highest score 0.4200, threshold 0.9000, nab/a.csv"
    `);
  });
});

describe('on a terminal', () => {
  const rows = [
    row('an-entry-with-a-long-name', {
      tiesWith: ['null'],
      againstRandom: { difference: 0, p: 1, verdict: 'alike' },
    }),
    row('null', { role: 'baseline', f1: 0, failures: ['null: metric: threw'] }),
  ];

  test.each([40, 60, 80, 100, 160])(
    '%i columns are enough for every row of the table',
    (columns) => {
      const lines = boardLines(board(rows), { columns, paint: unpainted });
      const table = lines.slice(2, 3 + rows.length);
      for (const line of table) expect(line.length).toBeLessThanOrEqual(columns);
      expect(lines.join('\n')).toMatch(/not distinguishable from random/);
      expect(lines.join('\n')).toMatch(/null failed: null: metric: threw/);
    },
  );

  test('nothing is cut in a pipe, and what brackets are is said', () => {
    const lines = boardLines(board(rows), { columns: Infinity, paint: unpainted });
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "quick: 3 items, 2 seeds, engine 0.1.0

         detector                                     F1  recall  false alarms      cost  state
      1  an-entry-with-a-long-name  0.500 [0.250, 0.750]   0.500        0.00/h  1,235 ns   4 kB  not distinguishable from random
      1  null                       0.000 [0.000, 0.000]   0.000        0.00/h  1,235 ns   4 kB  baseline  failed

      null failed: null: metric: threw
      […] of F1: 95 % interval over items, by bootstrap
      all entries tie: 3 items cannot tell them apart
      An incident is one alarm."
    `);
  });
});

/** When plays of such lengths end, each taken by the worker that is free first. */
function endsOf(lengths: readonly number[], workers: number): number[] {
  const free = new Array<number>(workers).fill(0);
  const ends = lengths.map((length) => {
    const first = free.indexOf(Math.min(...free));
    return (free[first] = (free[first] ?? 0) + length);
  });
  return ends.sort((a, b) => a - b);
}

test('the time left is nearer to what it takes than the mean of the plays that are done', () => {
  const error = { ours: 0, plain: 0 };
  const lengths = fc.array(fc.double({ min: 5, max: 15, noNaN: true }), {
    minLength: 5,
    maxLength: 40,
  });
  const sample = fc.sample(fc.tuple(lengths, fc.integer({ min: 2, max: 8 })), {
    seed: 1,
    numRuns: 50,
  });
  for (const [plays, workers] of sample) {
    const ends = endsOf(plays, workers);
    const [whole, total] = [ends.at(-1) ?? 0, ends.length];
    ends.forEach((spentMs, i) => {
      const left = timeLeft({ spentMs, done: i + 1, total, workers });
      error.ours += Math.abs(left - (whole - spentMs));
      error.plain += Math.abs((spentMs / (i + 1)) * (total - i - 1) - (whole - spentMs));
    });
    expect(timeLeft({ spentMs: whole, done: total, total, workers })).toBe(0);
  }
  expect(error.ours).toBeLessThan(error.plain * 0.7);
});

describe('Markdown', () => {
  test('is what a pull request shows', () => {
    const rows = [
      row('mine', { tiesWith: ['default set', 'constant'], rank: 1 }),
      row('default set', { detectors: 'zscore' }),
      ...[1, 2].map((i) =>
        row(`random #${i}`, { role: 'baseline', f1: i / 10, againstRandom: null }),
      ),
      row('constant', { role: 'baseline', f1: 0, rank: 3 }),
    ];
    const gate = {
      entry: 'mine',
      name: 'f1',
      passed: false,
      says: 'mine: f1 is 0.5, the limit 0.8',
    };
    const text = boardMarkdown(
      report(board(rows), { gates: [gate], mistakes: { mine: [missed, alarmed] } }),
    );
    // The spaces of intervals do not break, which nobody sees here.
    expect(text.replaceAll('\u00a0', ' ')).toMatchInlineSnapshot(`
      "# Benchmark: quick

      3 items, 2 seeds each, engine 0.1.0. Brackets: 95 % interval over items, by bootstrap.

      - **mine**: rank 1 of 5, F1 0.500 [0.250, 0.750]; ties with default set, 1 baseline; better than random
      - ❌ mine: f1 is 0.5, the limit 0.8

      | detector | F1 | recall | false alarms |
      | --- | --- | --- | --- |
      | **mine** | 0.500 [0.250, 0.750] | 0.500 | 0.00/h |
      | default set | 0.500 [0.250, 0.750] | 0.500 | 0.00/h |
      | constant | 0.000 [0.000, 0.000] | 0.000 | 0.00/h |
      | random, mean of 2 seeds | 0.150 | 0.150 | 0.00/h |

      ## The 2 mistakes of mine

      - **missed** store-slow, seed 2, T+04:00 – T+08:00, costs 0.167 F1: nothing was opened

        \`\`\`sh
        workbench run outages/store-slow --seed 2 --detector mine --open --at 04:00
        \`\`\`

      - **false alarm** quiet, seed 2, T+00:05 – T+01:05, costs <0.001 F1: store: p95 is 3 sigma off

        \`\`\`sh
        workbench run outages/quiet --seed 2 --detector mine --open --at 00:06
        \`\`\`

      <details>
      <summary>All 5 entries, every figure</summary>

      | rank | detector | F1 | recall | false alarms | cost | state |  |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      | 1 | mine | 0.500 [0.250, 0.750] | 0.500 | 0.00/h | 1,235 ns | 4 kB | ties with default set, 1 baseline; better than random |
      | 1 | default set | 0.500 [0.250, 0.750] | 0.500 | 0.00/h | 1,235 ns | 4 kB | better than random |
      | 1 | random \\#1 | 0.100 [0.050, 0.150] | 0.100 | 0.00/h | 1,235 ns | 4 kB | baseline |
      | 1 | random \\#2 | 0.200 [0.100, 0.300] | 0.200 | 0.00/h | 1,235 ns | 4 kB | baseline |
      | 3 | constant | 0.000 [0.000, 0.000] | 0.000 | 0.00/h | 1,235 ns | 4 kB | baseline |

      </details>

      <details>
      <summary>How to read it</summary>

      - An incident is one alarm.
      - **F1**: Of incidents.
      - **recall**: Outages caught.
      - **false alarms**: For nothing.
      - **cost**: Of this machine.
      - **state**: As stored.

      </details>

      <details>
      <summary>The 3 items</summary>

      | item | hash |
      | --- | --- |
      | store-slow | \`store-slow-h\` |
      | push | \`push-hash-of\` |
      | quiet | \`quiet-hash-o\` |

      </details>
      "
    `);
  });

  test('has nobody else’s markup in it', () => {
    for (const name of hostileNames) {
      const mistakes = { [name]: [{ ...missed, title: name, item: name }] };
      const gates = [{ entry: name, name, passed: false, says: name }];
      const text = boardMarkdown(
        report(board([row(name, { failures: [name] })]), { gates, mistakes }),
      );
      expect(text).not.toMatch(/<script|^# no heading|@team/m);
      // Tables keep their columns.
      const head = text.split('\n').find((line) => line.startsWith('| rank'));
      const wide = (head?.match(/(?<!\\)\|/g) ?? []).length;
      const own = text.split('\n').find((line) => line.startsWith('| 1 |'));
      expect((own?.match(/(?<!\\)\|/g) ?? []).length).toBe(wide);
    }
  });
});
