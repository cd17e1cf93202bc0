/**
 * A scenario file, from disk to the engine's model. Everything about the file is hostile until it
 * has been through here: its kind, size, encoding, syntax, shape and meaning, in this order.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { shapeChecker } from './check-shape.ts';
import type { CheckShape } from './check-shape.ts';
import { decodeScenario, normaliseScenario } from './decode.ts';
import type { Decoded } from './decode.ts';
import { extend } from './extend.ts';
import { formatProblems } from './format-problems.ts';
import type { DetectorChoice, Scenario } from './model.ts';
import { listProblems } from './problem.ts';
import type { Problem, RawProblem, SourceText } from './problem.ts';
import { readScenarioFile } from './read-file.ts';
import { Report, type Complaint } from './report.ts';
import { resolveRecorded } from './resolve-recorded.ts';
import { resolveSimulated } from './resolve-simulated.ts';
import { readTree } from './yaml-tree.ts';

export type ParseResult =
  | { readonly scenario: Scenario; readonly warnings: readonly Problem[] }
  | {
      readonly scenario: null;
      /** Errors and warnings in the order of the file; at most `limits.problemsMax`. */
      readonly problems: readonly Problem[];
      /** How many more there are. */
      readonly omitted: number;
    };

/** Checks any number of files; makes the schema's validator once, which takes some tenths of a second. */
export interface ScenarioReader {
  /** Throws FILE_NOT_FOUND, FILE_UNREADABLE, FILE_TOO_LARGE; what is in the file never throws. */
  read(file: string): ParseResult;
  /** `file` is only for paths relative to it; nothing is read but what the text extends. */
  parse(input: { file: string; text: string | Uint8Array }): ParseResult;
}

export interface ReaderOptions {
  /** What is wrong with a choice of a detector; null where nothing is. Without it any choice will do. */
  readonly checkDetector?: (choice: DetectorChoice) => Complaint | null;
}

export function scenarioReader({ checkDetector }: ReaderOptions = {}): ScenarioReader {
  let check: CheckShape | null = null;
  const parse: ScenarioReader['parse'] = ({ file, text }) => {
    const decoded = typeof text === 'string' ? normaliseScenario(text) : decodeScenario(text);
    const tools = { checkShape: () => (check ??= shapeChecker()), checkDetector };
    return parseDecoded(resolve(file), decoded, tools);
  };
  return { parse, read: (file) => parse({ file, text: readScenarioFile(file) }) };
}

/**
 * The scenario of a file; `shownAs` is how messages name it.
 * Throws SCENARIO_INVALID with `{ file, count, problems, omitted, rendered }`, FILE_NOT_FOUND,
 * FILE_UNREADABLE and FILE_TOO_LARGE.
 */
export function loadScenario(
  file: string,
  { shownAs = file, ...options }: ReaderOptions & { readonly shownAs?: string } = {},
): Scenario {
  const result = scenarioReader(options).read(file);
  if (result.scenario) return result.scenario;
  const { problems, omitted } = result;
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  throw new WorkbenchError('SCENARIO_INVALID', {
    file: shownAs,
    count: errors + omitted,
    problems,
    omitted,
    rendered: formatProblems(shownAs, result).trimEnd(),
  });
}

/** The same for text that is at hand, say of a run file. Never throws. */
export function parseScenario(input: { file: string; text: string | Uint8Array }): ParseResult {
  return scenarioReader().parse(input);
}

function parseDecoded(
  file: string,
  decoded: Decoded,
  tools: {
    readonly checkShape: () => CheckShape;
    readonly checkDetector: ReaderOptions['checkDetector'];
  },
): ParseResult {
  const { text } = decoded;
  const own: readonly SourceText[] = [{ file: null, text }];
  if ('problem' in decoded) return failed(own, [decoded.problem]);
  const read = readTree(text);
  if (!read.tree) return failed(own, read.problems);
  const whole = extend({ file, text, tree: read.tree });
  const { sources } = whole;
  const treeProblems = [...read.problems, ...whole.problems];
  if (!whole.tree) return failed(sources, treeProblems);
  const shape = tools.checkShape()(whole.tree);
  if (!shape.file) return failed(sources, [...treeProblems, ...shape.problems]);
  const report = new Report(whole.tree, shape.repaired);
  const resolved =
    shape.file.kind === 'simulated'
      ? resolveSimulated(report, shape.file, file)
      : resolveRecorded(report, shape.file, file);
  checkDetectors(report, resolved.detectors, tools.checkDetector);
  const problems = withoutNoise([...treeProblems, ...shape.problems, ...report.problems]);
  if (problems.some((problem) => problem.severity !== 'warning')) return failed(sources, problems);
  const source = whole.selfContained();
  if (typeof source !== 'string') return failed(sources, [...problems, source]);
  const hash = createHash('sha256').update(source).digest('hex');
  return {
    scenario: { ...resolved, source, hash },
    warnings: listProblems(sources, problems).problems,
  };
}

function failed(sources: readonly SourceText[], problems: readonly RawProblem[]): ParseResult {
  return { scenario: null, ...listProblems(sources, withoutNoise(problems)) };
}

function checkDetectors(
  report: Report,
  detectors: Scenario['detectors'],
  check: ReaderOptions['checkDetector'],
): void {
  for (const [i, choice] of detectors === 'default' ? [] : detectors.entries()) {
    const complaint = check?.(choice);
    if (complaint) report.add(['detectors', i], complaint);
  }
}

/** A warning about a place that has an error adds nothing. */
function withoutNoise(problems: readonly RawProblem[]): RawProblem[] {
  const placeOf = ({ source = 0, offset }: RawProblem) => `${source} ${offset}`;
  const wrong = new Set(
    problems.filter(({ severity }) => severity !== 'warning').map((problem) => placeOf(problem)),
  );
  return problems.filter(
    (problem) => problem.severity !== 'warning' || !wrong.has(placeOf(problem)),
  );
}
