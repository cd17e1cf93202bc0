/** Everything that `workbench bench` says once the scores are there: files, the board, annotations. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { limits } from '../engine/limits.ts';
import { storageError } from '../engine/store/index.ts';
import { printable } from '../engine/terminal-text.ts';
import type { Io } from './io.ts';
import { annotationLines } from './output/bench-annotations.ts';
import { baselineLines } from './output/bench-baseline.ts';
import { detailsOf, subjectsOf, type BenchReport } from './output/bench-report.ts';
import { boardLines } from './output/board.ts';
import { boardText } from './output/board-files.ts';
import { boardMarkdown } from './output/board-markdown.ts';
import { tableColumns } from './output/columns.ts';
import { shown } from './output/commands.ts';
import { emit } from './output/json.ts';
import { nearPath, nextLine, quoted } from './output/next.ts';
import { painter } from './output/style.ts';
import { writeWhole } from './whole-file.ts';

export interface Telling {
  /** Of the results. */
  readonly file: string;
  readonly report: readonly string[];
  readonly annotations?: 'github' | 'none';
  readonly json?: boolean;
}

/** @throws WorkbenchError STORAGE_FAILED, STORAGE_FULL */
export function tellReport(io: Io, report: BenchReport, { file, ...flags }: Telling): void {
  for (const path of flags.report) writeReport(io, report, path);
  const { board, gates, baseline } = report;
  if (flags.json) emit(io, { type: 'board', file, ...board, gates, baseline });
  else printBoard(io, report, file);
  for (const { passed, says } of gates) {
    if (!passed) io.stderr.write(`${printable(says)}\n`);
  }
  const inActions = io.env['GITHUB_ACTIONS'] === 'true';
  if ((flags.annotations ?? (inActions ? 'github' : 'none')) === 'github') annotate(io, report);
}

/** @throws WorkbenchError STORAGE_FAILED */
export function makeFolder(file: string, next: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw storageError(file, error, next);
  }
}

/** @throws WorkbenchError STORAGE_FAILED, STORAGE_FULL */
export function writeReport(io: Io, report: BenchReport, path: string): void {
  const target = resolve(io.cwd, path);
  const next = 'name another file with --report';
  makeFolder(target, next);
  try {
    writeWhole(target, boardText(report, path));
  } catch (error) {
    throw storageError(target, error, next);
  }
  io.stderr.write(`wrote ${shown(io, nearPath(io.cwd, target))}\n`);
}

function printBoard(io: Io, report: BenchReport, file: string): void {
  const paint = painter(io, io.stdout);
  const { board, baseline } = report;
  const lines = [
    ...boardLines(board, { columns: tableColumns(io), paint }),
    ...(baseline ? ['', ...baselineLines(baseline, paint)] : []),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  const near = nearPath(io.cwd, file);
  io.stderr.write(`results: ${shown(io, near)}\n`);
  const [row] = subjectsOf(report);
  if (row && (detailsOf(report, row.entry)?.mistakeCount ?? 0) > 0) {
    const args = `bench show ${quoted(near)} --detector ${quoted(row.entry)}`;
    io.stderr.write(`${nextLine(io, args, painter(io, io.stderr))}\n`);
  }
}

/** For GitHub: lines of the pull request, and the page of the workflow run, which a step may add to. */
function annotate(io: Io, report: BenchReport): void {
  const root = io.env['GITHUB_WORKSPACE'] || io.cwd;
  for (const line of annotationLines(report, root)) io.stderr.write(`${line}\n`);
  const summary = io.env['GITHUB_STEP_SUMMARY'];
  if (!summary) return;
  const text = boardMarkdown(report);
  // One that is larger is refused as a whole, the part of other commands included.
  if (Buffer.byteLength(text) > limits.stepSummaryBytesMax) {
    io.stderr.write('the board is too long for the summary of the step: see --report board.md\n');
    return;
  }
  try {
    appendFileSync(summary, `${text}\n`);
  } catch (error) {
    throw storageError(summary, error, 'leave it out with --annotations none');
  }
}
