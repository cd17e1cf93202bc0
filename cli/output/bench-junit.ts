/**
 * A benchmark as JUnit XML, in the dialect that Jenkins, GitLab and GitHub's reporters agree on: a suite
 * for each entry asked for, a case for each item, and one for each limit and each figure that must not
 * fall behind. A case fails exactly where the command exits with 1, and is an error where it exits with
 * 3: an item that was missed is no failure by itself, but what its case prints.
 */
import { basename } from 'node:path';
import type { BoardRow } from '../../engine/benchmark/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { toldMistakes, type ToldMistake } from './bench-mistakes.ts';
import { subjectsOf, type BenchReport } from './bench-report.ts';

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

interface Case {
  readonly name: string;
  readonly outcome: Outcome;
  /** Of what did not pass. */
  readonly says: string;
  readonly output: readonly string[];
}

interface Suite {
  readonly name: string;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly Case[];
}

export function boardJunit(report: BenchReport): string {
  const name = basename(report.board.suite);
  const subjects = subjectsOf(report);
  // Whatever decides the exit code has to be in it.
  const gated = report.board.rows.filter((row) => isGated(report, row) && !subjects.includes(row));
  const suites = [...subjects, ...gated].map((row) => suiteOf(report, row));
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(`workbench bench ${name}`)}" ${counts(all)}>`,
    ...suites.flatMap((suite) => suiteLines(suite, name)),
    '</testsuites>',
    '',
  ].join('\n');
}

function isGated({ gates }: BenchReport, { entry, failures }: BoardRow): boolean {
  return failures.length > 0 || gates.some((gate) => gate.entry === entry);
}

function suiteOf(report: BenchReport, row: BoardRow): Suite {
  const mistakes = toldMistakes(report, row, Infinity);
  const gates = report.gates.filter(({ entry }) => entry === row.entry);
  const figures = report.board.columns.flatMap(({ id }) => {
    const value = row.figures[id]?.value;
    return value === undefined ? [] : [[id, String(value)] as const];
  });
  return {
    name: row.entry,
    properties: [['engine', report.board.engineVersion], ['rank', String(row.rank)], ...figures],
    cases: [
      ...report.board.items.map(({ id }, i) =>
        itemCase(id, row.scores[i] ?? null, {
          rankedBy: report.board.rankedBy,
          mistakes: mistakes.filter(({ mistake }) => mistake.item === id),
        }),
      ),
      failureCase(row),
      ...gates.map(({ name, passed, says }): Case => ({
        ...{ name, outcome: passed ? 'passed' : 'failure', says: passed ? '' : says },
        output: passed ? [says] : [],
      })),
    ],
  };
}

function itemCase(
  name: string,
  score: number | null,
  { rankedBy, mistakes }: { readonly rankedBy: string; readonly mistakes: readonly ToldMistake[] },
): Case {
  if (score === null) return { name, outcome: 'skipped', says: 'nothing to score', output: [] };
  const output = [`${rankedBy} ${score}`, ...mistakes.flatMap(mistakeText)];
  return { name, outcome: 'passed', says: '', output };
}

function mistakeText({ kind, play, when, cost, mistake, rows, command }: ToldMistake): string[] {
  return [
    `${kind}: ${play}, ${when}, ${cost}: ${mistake.title}`,
    ...(rows === null ? [] : [rows]),
    ...(command === null ? [] : [command]),
  ];
}

function failureCase({ failures }: BoardRow): Case {
  const name = 'runs without failing';
  if (failures.length === 0) return { name, outcome: 'passed', says: '', output: [] };
  return { name, outcome: 'error', says: failures[0] ?? '', output: failures };
}

function suiteLines({ name, properties, cases }: Suite, board: string): string[] {
  const classname = xml(`workbench.${board}.${name}`);
  return [
    `  <testsuite name="${xml(name)}" ${counts(cases)} skipped="${countOf(cases, 'skipped')}">`,
    '    <properties>',
    ...properties.map(
      ([key, value]) => `      <property name="${xml(key)}" value="${xml(value)}"/>`,
    ),
    '    </properties>',
    ...cases.flatMap((one) => caseLines(one, classname)),
    '  </testsuite>',
  ];
}

function caseLines({ name, outcome, says, output }: Case, classname: string): string[] {
  const type = outcome === 'error' ? 'DetectorFailed' : 'LimitMissed';
  const inside = [
    ...(outcome === 'skipped' ? [`      <skipped message="${xml(says)}"/>`] : []),
    ...(outcome === 'failure' || outcome === 'error'
      ? [`      <${outcome} type="${type}" message="${xml(says)}">${xml(says)}</${outcome}>`]
      : []),
    ...(output.length > 0 ? [`      <system-out>${output.map(xml).join('\n')}</system-out>`] : []),
  ];
  const head = `    <testcase name="${xml(name)}" classname="${classname}"`;
  return inside.length === 0 ? [`${head}/>`] : [`${head}>`, ...inside, '    </testcase>'];
}

function counts(cases: readonly Case[]): string {
  return `tests="${cases.length}" failures="${countOf(cases, 'failure')}" errors="${countOf(cases, 'error')}"`;
}

function countOf(cases: readonly Case[], outcome: Outcome): number {
  return cases.filter((one) => one.outcome === outcome).length;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** One line; XML has no way at all to write most control characters, so they are shown by their pictures. */
function xml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
