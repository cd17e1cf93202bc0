/** What is wrong in a scenario file, and where. */
import { limits } from '../limits.ts';

export type ProblemKind =
  | 'encoding'
  | 'syntax'
  | 'forbidden'
  | 'limit'
  | 'version'
  | 'unknown-key'
  | 'missing-key'
  | 'wrong-type'
  | 'bad-value'
  | 'duplicate'
  | 'reference'
  | 'cycle'
  | 'no-effect'
  /** The file is no scenario but what scenarios extend. */
  | 'base'
  | 'portability';

export interface Problem {
  readonly kind: ProblemKind;
  /** A warning does not keep a scenario from running. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What to write instead, where that is known. */
  readonly hint: string | null;
  /** Relative to the scenario's folder; null for the scenario's own file. */
  readonly file: string | null;
  /** From 1; columns in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly frame: CodeFrame;
}

/** The lines around a problem, cut to a readable width. Raw text: `printable` before showing. */
export interface CodeFrame {
  readonly lines: readonly { readonly line: number; readonly text: string }[];
  /** Where in the cut text the problem begins, from 0, and how long it is. */
  readonly caret: number;
  readonly caretLength: number;
}

/** A problem by its place in the text. */
export interface RawProblem {
  readonly kind: ProblemKind;
  readonly severity?: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string | undefined;
  /** Which of the texts, where a scenario extends others: an index; its own where left out. */
  readonly source?: number;
  /** UTF-16 units from the start of the text. */
  readonly offset: number;
  readonly length?: number;
}

/** A text that problems lie in. */
export interface SourceText {
  /** As `Problem.file`. */
  readonly file: string | null;
  readonly text: string;
}

export interface ProblemList {
  /** In the order of the files and their lines; at most `limits.problemsMax`. */
  readonly problems: readonly Problem[];
  /** How many more there are. */
  readonly omitted: number;
}

const linesBefore = 2;
const frameColumns = 100;

/** Sorts, drops repeats of one place, cuts to the limit, and looks up lines and frames. */
export function listProblems(
  sources: readonly SourceText[],
  found: readonly RawProblem[],
): ProblemList {
  const sourceOf = (problem: RawProblem) => problem.source ?? 0;
  const sorted = [...found].sort(
    (a, b) => sourceOf(a) - sourceOf(b) || a.offset - b.offset || rank(a) - rank(b),
  );
  const seen = new Set<string>();
  const distinct = sorted.filter((problem) => {
    const key = `${sourceOf(problem)} ${problem.offset} ${problem.message}`;
    return !seen.has(key) && seen.add(key);
  });
  const shown = distinct.slice(0, limits.problemsMax);
  const lineStarts = new Map<number, readonly number[]>();
  return {
    problems: shown.map((problem) => {
      const index = sourceOf(problem);
      const { file, text } = sources[index] ?? { file: null, text: '' };
      const starts = lineStarts.get(index) ?? startsOfLines(text);
      lineStarts.set(index, starts);
      return { file, ...placed(text, starts, problem) };
    }),
    omitted: distinct.length - shown.length,
  };
}

function rank(problem: RawProblem): number {
  return problem.severity === 'warning' ? 1 : 0;
}

function placed(
  text: string,
  lineStarts: readonly number[],
  problem: RawProblem,
): Omit<Problem, 'file'> {
  const offset = Math.max(0, Math.min(problem.offset, text.length));
  const line = lineOf(lineStarts, offset);
  const column = offset - (lineStarts[line - 1] ?? 0) + 1;
  return {
    kind: problem.kind,
    severity: problem.severity ?? 'error',
    message: problem.message,
    hint: problem.hint ?? null,
    line,
    column,
    frame: frameAt(text, lineStarts, { line, column, length: problem.length ?? 1 }),
  };
}

function frameAt(
  text: string,
  lineStarts: readonly number[],
  at: { line: number; column: number; length: number },
): CodeFrame {
  // A window that moves along a long line, the same for all lines of the frame.
  const from = at.column > frameColumns * 0.8 ? at.column - Math.floor(frameColumns / 2) : 0;
  const lines = [];
  for (let line = Math.max(1, at.line - linesBefore); line <= at.line; line++) {
    const start = lineStarts[line - 1] ?? 0;
    const end = (lineStarts[line] ?? text.length + 1) - 1;
    const cut = text.slice(start + from, Math.min(end, start + from + frameColumns));
    lines.push({ line, text: cut });
  }
  const last = lines.at(-1)?.text ?? '';
  const caret = Math.min(at.column - 1 - from, last.length);
  return { lines, caret, caretLength: Math.max(1, Math.min(at.length, last.length - caret)) };
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length;
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
