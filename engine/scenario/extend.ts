/**
 * What a scenario extends, read and laid below it: `extends: ../base/shop.yaml`. The result is one
 * tree, checked like that of a file that says it all by itself, and one text without `extends`,
 * which a run keeps.
 */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import { decodeScenario } from './decode.ts';
import { findBase, rootOf } from './find-base.ts';
import { merge, pieceOf, treeOfPiece } from './merge.ts';
import type { Piece } from './merge.ts';
import type { RawProblem, SourceText } from './problem.ts';
import { readScenarioFile } from './read-file.ts';
import type { Complaint } from './report.ts';
import { clipped } from './suggestion.ts';
import { readTree } from './yaml-tree.ts';
import type { ScenarioTree } from './yaml-tree.ts';

export interface Extended {
  /** The scenario's own text, then those that it extends. */
  readonly sources: readonly SourceText[];
  /** Null where there is no scenario to look at. */
  readonly tree: ScenarioTree | null;
  readonly problems: readonly RawProblem[];
  /** One text that says all of it, or why there is none. Only for a tree that is right. */
  readonly selfContained: () => string | RawProblem;
}

interface Own {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
  readonly tree: ScenarioTree;
}

type Fields = Readonly<Record<string, unknown>>;

export function extend({ file, text, tree }: Own): Extended {
  const sources: SourceText[] = [{ file: null, text }];
  const problems: RawProblem[] = [];
  const fields = fieldsOf(tree);
  if (fields?.['kind'] === 'base') {
    problems.push({ ...baseProblem, ...tree.locate(['kind'], 'value') });
    return { sources, tree: null, problems, selfContained: () => text };
  }
  // A recording extends nothing: that the key is unknown there is said like of any other.
  if (!fields || !('extends' in fields) || fields['kind'] === 'recorded') {
    return { sources, tree, problems, selfContained: () => text };
  }
  const chain = readChain({ file, text, tree }, { sources, problems });
  const merged = chain && mergeChain(chain, problems);
  const failed = problems.some((problem) => problem.severity !== 'warning');
  const place = tree.locate(['extends'], 'value');
  return {
    sources,
    tree: merged && !failed ? treeOfPiece(merged) : null,
    problems,
    selfContained: () => selfContained(merged?.value, place),
  };
}

const baseProblem = {
  kind: 'base',
  message: 'a base is no scenario: it is checked through the scenarios that extend it',
  hint: 'write one beside it: extends: and the path of this file',
} as const;

function fieldsOf(tree: ScenarioTree): Fields | null {
  const { value } = tree;
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as Fields) : null;
}

interface Link {
  readonly file: string;
  readonly tree: ScenarioTree;
}

/** The trees from the scenario down to what nothing is below; null and a problem where one is not there. */
function readChain(
  own: Own,
  { sources, problems }: { sources: SourceText[]; problems: RawProblem[] },
): ScenarioTree[] | null {
  const root = rootOf(own.file);
  const seen = new Set([realOr(own.file)]);
  const trees = [own.tree];
  let link: Link = own;
  for (;;) {
    const written = fieldsOf(link.tree)?.['extends'];
    const source = trees.length - 1;
    if (written === undefined) return trees;
    const complain = ({ kind, message, hint }: Complaint): null => {
      const place = link.tree.locate(['extends'], 'value');
      problems.push({ kind, message, hint, ...place, source });
      return null;
    };
    if (trees.length > limits.extendsLevelsMax) {
      const message = `extends goes on for more than ${limits.extendsLevelsMax} files`;
      return complain({ kind: 'limit', message });
    }
    const found = findBase(written, { from: link.file, root });
    if ('kind' in found) return complain(found);
    if (seen.has(found.path)) {
      return complain({ kind: 'cycle', message: 'extends goes in a circle' });
    }
    seen.add(found.path);
    const base = readBase(found.path, String(written));
    if ('kind' in base) return complain(base);
    const above = sources[source]?.file ?? '';
    sources.push({ file: join(dirname(above), String(written)), text: base.text });
    // One by one: a call has room for fewer arguments than a file has mistakes.
    for (const problem of base.problems) problems.push({ ...problem, source: trees.length });
    if (!base.tree) return null;
    trees.push(base.tree);
    link = { file: found.path, tree: base.tree };
  }
}

function realOr(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // Text that is at hand, of a file that is not there.
    return file;
  }
}

/** Said before anything is shown of the file: one that was not written to be extended stays private. */
const declaration = /(^|[{,\s])["']?kind["']?\s*:\s*["']?(base|simulated)\b/m;

interface Base {
  readonly text: string;
  /** Null where it is no YAML that we read. */
  readonly tree: ScenarioTree | null;
  readonly problems: readonly RawProblem[];
}

function readBase(path: string, written: string): Base | Complaint {
  const name = `"${clipped(written)}"`;
  let bytes: Uint8Array;
  try {
    bytes = readScenarioFile(path, { follow: false });
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    const tooLarge = error.code === 'FILE_TOO_LARGE';
    const message = tooLarge
      ? `${name} is larger than ${limits.scenarioBytesMax} bytes`
      : `${name} cannot be read`;
    return { kind: tooLarge ? 'limit' : 'reference', message };
  }
  const decoded = decodeScenario(bytes);
  if ('problem' in decoded) {
    const { kind, message, hint } = decoded.problem;
    return { kind, message: `${name}: ${message}`, hint };
  }
  const { text } = decoded;
  const refused: Complaint = {
    kind: 'forbidden',
    message: `${name} is no base and no simulated scenario`,
    hint: 'a base says so itself: kind: base',
  };
  if (!declaration.test(text)) return refused;
  const { tree, problems } = readTree(text);
  const kind = tree && fieldsOf(tree)?.['kind'];
  if (tree && kind !== 'base' && kind !== 'simulated') return refused;
  return { text, tree, problems };
}

/** What each file says of itself alone. */
const notInherited = ['extends', 'kind', 'name'];
/** How every file begins. */
const head = ['apiVersion', 'kind', 'name'];

function mergeChain(trees: readonly ScenarioTree[], problems: RawProblem[]): Piece {
  const pieces = trees.map((tree, source) =>
    without(pieceOf(tree, source), source === 0 ? ['extends'] : notInherited),
  );
  const merged = pieces.reduceRight((base, own) => merge(base, own, problems));
  const fields = merged.value as Fields;
  const keys = [...new Set([...head.filter((key) => key in fields), ...Object.keys(fields)])];
  const piece = { ...merged, value: select(fields, keys) };
  if (countNodes(piece.value) > limits.scenarioNodesMax) {
    const message = `more than ${limits.scenarioNodesMax} values with what is extended`;
    const place = trees[0]?.locate(['extends'], 'value') ?? { offset: 0 };
    problems.push({ kind: 'limit', message, ...place });
  }
  return piece;
}

function without(piece: Piece, keys: readonly string[]): Piece {
  const fields = piece.value as Fields;
  const kept = Object.keys(fields).filter((key) => !keys.includes(key));
  return { ...piece, value: select(fields, kept) };
}

function select(fields: Fields, keys: readonly string[]): Fields {
  const value = Object.create(null) as Record<string, unknown>;
  for (const key of keys) value[key] = fields[key];
  return value;
}

/** As `yaml-tree.ts` counts: keys and values. The files bound how deep this goes. */
function countNodes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const parts: readonly unknown[] = Object.values(value);
  const keys = Array.isArray(value) ? 0 : parts.length;
  return parts.reduce<number>((sum, part) => sum + countNodes(part), 1 + keys);
}

function selfContained(value: unknown, place: Pick<RawProblem, 'offset'>): string | RawProblem {
  const text = stringify(value, {
    aliasDuplicateObjects: false,
    lineWidth: 0,
    // What other tools would take for a number or a truth value is quoted.
    compat: 'yaml-1.1',
  });
  if (text.length <= limits.scenarioBytesMax) return text;
  const message = `more than ${limits.scenarioBytesMax} characters with what is extended`;
  return { kind: 'limit', message, ...place };
}
