/**
 * A scenario file, from disk to the engine's model. Everything about the file is hostile until it
 * has been through here: its kind, size, encoding, syntax, shape and meaning, in this order.
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { reasonOf, WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { similarFile } from '../similar.ts';
import { shapeChecker } from './check-shape.ts';
import type { CheckShape } from './check-shape.ts';
import { decodeScenario, normaliseScenario } from './decode.ts';
import type { Decoded } from './decode.ts';
import { formatProblems } from './format-problems.ts';
import type { DetectorChoice, Scenario } from './model.ts';
import { listProblems } from './problem.ts';
import type { Problem, RawProblem } from './problem.ts';
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

/** Checks any number of files; makes the schema's validator once, which takes a tenth of a second. */
export interface ScenarioReader {
  /** Throws FILE_NOT_FOUND, FILE_UNREADABLE, FILE_TOO_LARGE; what is in the file never throws. */
  read(file: string): ParseResult;
  /** `file` is only for paths relative to it; nothing is read. */
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
  const failed = (problems: readonly RawProblem[]): ParseResult => ({
    scenario: null,
    ...listProblems(text, problems),
  });
  if ('problem' in decoded) return failed([decoded.problem]);
  const { tree, problems: treeProblems } = readTree(text);
  if (!tree) return failed(treeProblems);
  const shape = tools.checkShape()(tree);
  if (!shape.file) return failed(withoutNoise([...treeProblems, ...shape.problems]));
  const report = new Report(tree, shape.repaired);
  const hash = createHash('sha256').update(text).digest('hex');
  const origin = { file, source: text, hash };
  const scenario =
    shape.file.kind === 'simulated'
      ? resolveSimulated(report, shape.file, origin)
      : resolveRecorded(report, shape.file, origin);
  const { detectors } = scenario;
  for (const [i, choice] of detectors === 'default' ? [] : detectors.entries()) {
    const complaint = tools.checkDetector?.(choice);
    if (complaint) report.add(['detectors', i], complaint);
  }
  const problems = withoutNoise([...treeProblems, ...shape.problems, ...report.problems]);
  if (problems.some((problem) => problem.severity !== 'warning')) return failed(problems);
  return { scenario, warnings: listProblems(text, problems).problems };
}

/** A warning about a place that has an error adds nothing. */
function withoutNoise(problems: readonly RawProblem[]): RawProblem[] {
  const wrong = new Set(
    problems.filter(({ severity }) => severity !== 'warning').map(({ offset }) => offset),
  );
  return problems.filter(({ severity, offset }) => severity !== 'warning' || !wrong.has(offset));
}

/** Opens once and asks the open file: what was checked is what is read. */
function readScenarioFile(file: string): Uint8Array {
  let handle: number;
  try {
    // A FIFO without a writer would hold a blocking open for ever.
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') {
      throw new WorkbenchError('FILE_NOT_FOUND', { file, suggestion: similarFile(file) });
    }
    throw new WorkbenchError(
      'FILE_UNREADABLE',
      { file, reason: reasonOf(error) },
      { cause: error },
    );
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) {
      const reason = stat.isDirectory() ? 'it is a folder' : 'it is no regular file';
      throw new WorkbenchError('FILE_UNREADABLE', { file, reason });
    }
    if (stat.size > limits.scenarioBytesMax) {
      const details = { file, bytes: stat.size, limit: limits.scenarioBytesMax };
      throw new WorkbenchError('FILE_TOO_LARGE', details);
    }
    return readAll(handle);
  } finally {
    closeSync(handle);
  }
}

/** Files of /proc claim no size, and files grow: the limit holds for what is read, too. */
function readAll(handle: number): Uint8Array {
  const bytes = new Uint8Array(limits.scenarioBytesMax);
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(handle, bytes, length, bytes.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}
