/** Clues: sentences with what to look up in the records of a run. */
import type { Micros } from '../sdk/index.ts';
import type { Check, Clue, MetricExpectation } from './model.ts';
import type { Names } from './names.ts';
import type { Report } from './report.ts';
import type { ClueFile, MetricCheckFile } from './schema-truth.ts';
import type { Path } from './yaml-tree.ts';

export interface ClueContext {
  /** null: they come with the records. */
  readonly services: Names | null;
  /** Where checks look when they do not say: from the first fault to the end. */
  readonly from: Micros;
  readonly to: Micros;
}

export function resolveClue(
  report: Report,
  clue: ClueFile,
  { path, ...context }: ClueContext & { path: Path },
): Clue {
  const checks = (['metric', 'log', 'span', 'change'] as const).flatMap((stream) =>
    resolveChecks(report, clue, { ...context, stream, path: [...path, stream] }),
  );
  if (checks.length === 0) {
    report.add([...path, 'says'], {
      kind: 'missing-key',
      message: 'a sentence that nothing bears out',
      hint: 'add what to look up: metric, log, span or change',
    });
  }
  return { says: clue.says, checks };
}

type Stream = Check['stream'];

function resolveChecks(
  report: Report,
  clue: ClueFile,
  { stream, path, ...context }: ClueContext & { stream: Stream; path: Path },
): Check[] {
  const given = clue[stream];
  if (given === undefined) return [];
  const many = Array.isArray(given);
  const pathOf = (i: number) => (many ? [...path, i] : path);
  const common = (i: number, file: CommonFile) =>
    resolveCommon(report, file, { ...context, stream, path: pathOf(i) });
  switch (stream) {
    case 'metric':
      return listed(clue.metric).map((file, i) => ({
        ...common(i, file),
        stream,
        name: file.name,
        attributes: { ...file.attributes },
        statistic: file.statistic ?? 'mean',
        expect: resolveExpectation(report, file, pathOf(i)),
      }));
    case 'log':
      return listed(clue.log).map((file, i) => ({
        ...common(i, file),
        ...resolveCounts(report, file, pathOf(i)),
        stream,
        contains: file.contains,
      }));
    case 'span':
      return listed(clue.span).map((file, i) => ({
        ...common(i, file),
        ...resolveCounts(report, file, pathOf(i)),
        stream,
        contains: file.contains ?? '',
      }));
    case 'change':
      return listed(clue.change).map((file, i) => ({
        ...common(i, file),
        stream,
        change: file.kind ?? null,
        contains: file.contains ?? '',
      }));
    default:
      return stream satisfies never;
  }
}

function listed<T extends object>(given: T | T[] | undefined): T[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given];
}

interface CommonFile {
  readonly service: string;
  readonly from?: string;
  readonly to?: string;
}

function resolveCommon(
  report: Report,
  file: CommonFile,
  { stream, path, ...context }: ClueContext & { stream: Stream; path: Path },
): { service: string; from: Micros; to: Micros } {
  context.services?.find(report, file.service, [...path, 'service']);
  // What was changed was mostly changed before anything went wrong.
  const usual = stream === 'change' ? 0 : context.from;
  const from = report.unitOr('duration', file.from, [...path, 'from'], usual);
  const to = report.unitOr('duration', file.to, [...path, 'to'], context.to);
  if (to <= from) {
    const message = `the check ends before it begins: nothing to look at`;
    const key = file.to === undefined ? 'from' : 'to';
    report.add([...path, key], { kind: 'bad-value', message });
  } else if (to > context.to) {
    const message = `the check goes on after the end of the run`;
    report.add([...path, 'to'], { kind: 'no-effect', severity: 'warning', message });
  }
  return { service: file.service, from, to };
}

function resolveCounts(
  report: Report,
  file: { readonly at_least?: number; readonly at_most?: number },
  path: Path,
): { atLeast: number; atMost: number } {
  const atMost = file.at_most ?? Infinity;
  const atLeast = file.at_least ?? (file.at_most === undefined ? 1 : 0);
  if (atMost < atLeast) {
    const message = `at_most (${atMost}) is less than at_least (${atLeast})`;
    report.add([...path, 'at_most'], { kind: 'bad-value', message });
  }
  return { atLeast, atMost };
}

const expectations = [
  'above',
  'below',
  'above_baseline',
  'below_baseline',
  'unchanged_within',
] as const;

/** Exactly one of them. */
function resolveExpectation(report: Report, file: MetricCheckFile, path: Path): MetricExpectation {
  const [first, second] = expectations.filter((key) => file[key] !== undefined);
  if (first === undefined) {
    const message = 'what is expected of the metric?';
    report.add(path, {
      kind: 'missing-key',
      message,
      hint: `one of: ${expectations.join(', ')}`,
      part: 'key',
    });
  }
  if (second !== undefined) {
    const message = `${String(second)} beside ${String(first)}: two checks`;
    const hint = 'write a list of checks';
    report.add([...path, second], { kind: 'forbidden', message, hint, part: 'key' });
  }
  switch (first) {
    case 'above':
    case undefined:
      return { is: 'above', value: file.above ?? 0 };
    case 'below':
      return { is: 'below', value: file.below ?? 0 };
    case 'above_baseline':
      return { is: 'above', timesBaseline: file.above_baseline ?? 1 };
    case 'below_baseline':
      return { is: 'below', timesBaseline: file.below_baseline ?? 1 };
    case 'unchanged_within': {
      const within = report.unitOr('share', file.unchanged_within, [...path, first], 0);
      return { is: 'unchanged', within };
    }
    default:
      return first satisfies never;
  }
}
