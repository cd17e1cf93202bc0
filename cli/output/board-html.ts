/**
 * A board as one file that opens from disk and asks nobody for anything: the page's own components,
 * built into one script and one style sheet, and the board beside them as data. Its policy lets these
 * two run, by their hashes, and nothing else: whatever a name in the board says stays text.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ThresholdCurve } from '../../engine/benchmark/index.ts';
import { WorkbenchError } from '../../engine/errors.ts';
import { reportFolder } from '../package-files.ts';
import { toldMistakes } from './bench-mistakes.ts';
import { rowOf, type BenchReport } from './bench-report.ts';

/** Mistakes of each entry: a file that is mailed about holds the worst. */
const mistakesMax = 30;

/** Points of a curve: twice as many look the same, and forty entries have eighty curves. */
const pointsMax = 60;

/** @throws WorkbenchError SITE_MISSING */
export function boardHtml(report: BenchReport): string {
  const script = builtFile('report.js').replaceAll(/<(?=\/script|!--)/gi, '\\x3c');
  const style = builtFile('report.css').replaceAll(/<(?=\/style)/gi, '\\3c ');
  const policy = [
    "default-src 'none'",
    `script-src '${hashSource(script)}'`,
    `style-src '${hashSource(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html',
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="dark light">',
    `<title>Benchmark: ${escaped(report.board.suite)}</title>`,
    `<style>${style}</style>`,
    '<body>',
    '<div id="report"></div>',
    '<noscript><p>This report draws itself by its own script. The same figures are in bench --report board.md.</p></noscript>',
    `<script id="content" type="application/json">${json(contentOf(report))}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function contentOf(report: BenchReport) {
  const { board, details, gates } = report;
  const entries = details.entries.map((entry) => ({
    ...entry,
    curves: {
      held: thinnedCurve(entry.curves.held, entry.threshold),
      onset: thinnedCurve(entry.curves.onset, entry.threshold),
    },
    mistakes: entry.mistakes.slice(0, mistakesMax),
  }));
  const commands = entries.map(({ entry }) => {
    const row = rowOf(board, entry);
    return [entry, row ? toldMistakes(report, row, mistakesMax).map(({ command }) => command) : []];
  });
  return {
    board,
    details: { ...details, entries },
    commands: Object.fromEntries(commands) as Record<string, readonly (string | null)[]>,
    gates: gates.map(({ passed, says }) => ({ passed, says })),
  };
}

/** Every so many points; the one of the threshold, whose place is marked, and the last stay. */
function thinnedCurve(curve: ThresholdCurve, marked: number | null): ThresholdCurve {
  const every = Math.ceil(curve.points.length / pointsMax);
  const best = Math.max(...curve.points.map(({ f1 }) => f1 ?? 0));
  const points = curve.points.filter(
    ({ threshold, f1 }, i) =>
      i % every === 0 || threshold === marked || f1 === best || i === curve.points.length - 1,
  );
  return { ...curve, points };
}

/** Six digits are more than anybody sees; times are whole and stay. */
function rounded(_name: string, value: unknown): unknown {
  const isFraction = typeof value === 'number' && !Number.isInteger(value);
  return isFraction ? Number(value.toPrecision(6)) : value;
}

/** No text in it can end the element that it stands in. */
function json(value: unknown): string {
  return JSON.stringify(value, rounded).replaceAll('<', '\\u003c');
}

function builtFile(name: string): string {
  const folder = reportFolder();
  try {
    return readFileSync(join(folder, name), 'utf8').trim();
  } catch (error) {
    throw new WorkbenchError('SITE_MISSING', { folder }, { cause: error });
  }
}

function hashSource(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
