import { dirname, join } from 'node:path';
import { printable } from '../terminal-text.ts';
import type { Problem } from './problem.ts';

/**
 * Problems as people read them: place, message, the lines around with a caret, what to write
 * instead. Safe for a terminal, whatever the file holds.
 */
export function formatProblems(
  file: string,
  { problems, omitted }: { readonly problems: readonly Problem[]; readonly omitted: number },
): string {
  const blocks = problems.map((problem) => formatProblem(file, problem));
  if (omitted > 0) blocks.push(`and ${omitted} more`);
  return `${blocks.join('\n\n')}\n`;
}

function formatProblem(file: string, problem: Problem): string {
  const { line, column, message, hint, frame } = problem;
  const severity = problem.severity === 'warning' ? 'warning: ' : '';
  const width = String(line).length;
  const place = problem.file === null ? file : join(dirname(file), problem.file);
  const lines = [`${printable(place)}:${line}:${column}: ${severity}${printable(message)}`];
  for (const one of frame.lines) {
    lines.push(`  ${String(one.line).padStart(width)} | ${printable(one.text)}`.trimEnd());
  }
  const last = frame.lines.at(-1)?.text ?? '';
  // What is made visible is wider than it was: the caret counts what is shown. Tabs stay tabs.
  const before = printable(last.slice(0, frame.caret)).replace(/[^\t]/g, ' ');
  const marked = printable(last.slice(frame.caret, frame.caret + frame.caretLength));
  const carets = '^'.repeat(Math.max(1, marked.length));
  lines.push(`  ${' '.repeat(width)} | ${before}${carets}`);
  if (hint !== null) lines.push(`  ${printable(hint)}`);
  return lines.join('\n');
}
