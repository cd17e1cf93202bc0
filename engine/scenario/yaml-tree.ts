/**
 * Longer than 300 lines because parsing, walking and locating share one document and its places.
 *
 * YAML text to plain values that know where they stand in the text. The walk over the parsed
 * document is our own, because the library's is quadratic in the keys of a map, expands aliases
 * without end and lets a cycle through; here every one of these is a counted problem with a place.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Alias, Document, Node, Pair, ParsedNode, YAMLError, YAMLMap } from 'yaml';
import { limits } from '../limits.ts';
import type { RawProblem } from './problem.ts';
import { bulkHint, scanYaml } from './yaml-scan.ts';

export type Path = readonly (string | number)[];

export interface Place {
  /** Which text: `RawProblem.source`. */
  readonly source?: number;
  readonly offset: number;
  readonly length: number;
}

export interface ScenarioTree {
  /** Plain objects without a prototype, lists, strings, numbers, booleans, null. */
  readonly value: unknown;
  /** Where a value, or the key it belongs to, stands; the nearest parent where it doesn't exist. */
  locate(path: Path, part: 'key' | 'value'): Place;
  /** The text of a scalar as it was written, '' for anything else. */
  written(path: Path): string;
}

export interface TreeResult {
  /** Null where the text is no YAML that we read. */
  readonly tree: ScenarioTree | null;
  readonly problems: readonly RawProblem[];
}

export function readTree(text: string): TreeResult {
  const scanned = scanYaml(text);
  if (scanned) return { tree: null, problems: [scanned] };
  const document = parseDocument(tabsAsSpaces(text), {
    version: '1.2',
    strict: true,
    stringKeys: true,
    // Quadratic in the library: the walk below does it with a set.
    uniqueKeys: false,
    prettyErrors: false,
    // `silent` would let a second document pass.
    logLevel: 'error',
    lineCounter: new LineCounter(),
  });
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) return { tree: null, problems: syntaxProblems(text, document, syntax) };
  if (document.contents === null) {
    const message = 'the file is empty';
    return { tree: null, problems: [{ kind: 'syntax', message, hint: emptyHint, offset: 0 }] };
  }
  const walk = new Walk();
  const value = walk.plain(document.contents, 1);
  const fatal = walk.problems.some((problem) => problem.severity !== 'warning');
  const tree = fatal ? null : treeOf(value, document, walk.targets);
  return { tree, problems: walk.problems };
}

const emptyHint = 'begin with: apiVersion: workbench/v1';

/** JSON may be indented with tabs, which YAML refuses; a tab there is never part of a value. */
function tabsAsSpaces(text: string): string {
  if (!/^\s*\{/.test(text) || !text.includes('\t')) return text;
  try {
    JSON.parse(text);
  } catch {
    // Not JSON: the YAML parser says what is wrong with the tabs.
    return text;
  }
  return text.replaceAll('\t', ' ');
}

/** One a line: the rest are mostly echoes of the first. */
function syntaxProblems(
  text: string,
  document: Document.Parsed,
  errors: readonly YAMLError[],
): RawProblem[] {
  const problems: RawProblem[] = [];
  let lineEnd = -1;
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const [offset, end] = error.pos;
    if (offset <= lineEnd) continue;
    const nextLine = text.indexOf('\n', offset);
    lineEnd = nextLine < 0 ? text.length : nextLine;
    const said = inPlainWords(error);
    const opened = said.message === unclosedQuote ? openingQuote(document, offset) : null;
    const length = Math.max(1, Math.min(end, lineEnd) - offset);
    problems.push({
      kind: 'syntax',
      ...said,
      offset: opened ?? offset,
      length: opened ? 1 : length,
    });
    if (problems.length > limits.problemsMax) break;
  }
  return problems;
}

function inPlainWords(error: YAMLError): { message: string; hint?: string } {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return { message: 'a tab as indentation', hint: 'indent with spaces' };
    case 'MULTIPLE_DOCS':
      return { message: 'a second document', hint: 'one scenario per file: remove the ---' };
    case 'NON_STRING_KEY':
      return { message: 'a key that is no text', hint: 'quote it' };
    case 'DUPLICATE_KEY':
      return { message: 'a key for the second time' };
    case 'MISSING_CHAR':
      if (/missing closing .quote/i.test(error.message)) return { message: unclosedQuote };
      break;
    case 'BAD_ALIAS':
      return { message: 'an alias without a name' };
  }
  return { message: error.message.replace(/^./, (first) => first.toLowerCase()) };
}

const unclosedQuote = 'a quote that is never closed';

/** The library tells where it gave up, often the end of the file; people look for the beginning. */
function openingQuote(document: Document.Parsed, gaveUp: number): number | null {
  let opened: number | null = null;
  visit(document, {
    Scalar(_, node) {
      const from = node.range?.[0] ?? gaveUp;
      if (node.type?.startsWith('QUOTE') && from < gaveUp) opened = from;
    },
  });
  return opened;
}

const reservedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
/** Plain words and numbers that YAML 1.1 reads as something else than text. */
const yaml11Trap = /^(?:y|n|yes|no|on|off|[0-9]+(?::[0-5]?[0-9])+|\d{4}-\d{1,2}-\d{1,2})$/i;
const brokenCharacter = /\p{Surrogate}/u;

class Walk {
  readonly problems: RawProblem[] = [];
  /** What each alias stands for. */
  readonly targets = new Map<Alias, ParsedNode>();
  private readonly anchors = new Map<string, ParsedNode>();
  private readonly open = new Set<Node>();
  private aliases = 0;
  private nodes = 0;

  plain(node: ParsedNode | null, depth: number): unknown {
    if (node === null || this.full(node, depth)) return null;
    if (isAlias(node)) return this.alias(node, depth);
    if (node.anchor) this.anchors.set(node.anchor, node);
    if (isScalar(node)) return this.scalar(node);
    this.open.add(node);
    const value = isMap(node)
      ? this.map(node as YAMLMap.Parsed, depth)
      : node.items.map((item) => this.plain(item as ParsedNode, depth + 1));
    this.open.delete(node);
    return value;
  }

  /** True once a bound is passed: the walk ends, whatever is left. */
  private full(node: ParsedNode, depth: number): boolean {
    this.nodes++;
    if (depth > limits.scenarioDepthMax) {
      this.report(node, 'limit', `nested deeper than ${limits.scenarioDepthMax} levels`);
      return true;
    }
    if (this.nodes === limits.scenarioNodesMax + 1) {
      this.report(node, 'limit', `more than ${limits.scenarioNodesMax} values`, bulkHint);
    }
    return this.nodes > limits.scenarioNodesMax;
  }

  private alias(node: Alias.Parsed, depth: number): unknown {
    this.aliases++;
    if (this.aliases === limits.scenarioAliasesMax + 1) {
      const message = `more than ${limits.scenarioAliasesMax} aliases, those inside of others counted`;
      this.report(node, 'limit', message, 'write the values out');
    }
    if (this.aliases > limits.scenarioAliasesMax) return null;
    const target = this.anchors.get(node.source);
    if (!target) {
      this.report(node, 'reference', `alias *${node.source}: no anchor &${node.source} before it`);
      return null;
    }
    if (this.open.has(target)) {
      this.report(node, 'forbidden', `alias *${node.source} contains itself`);
      return null;
    }
    this.targets.set(node, target);
    return this.plain(target, depth);
  }

  private scalar(node: { value: unknown; type?: string; range?: unknown }): unknown {
    const { value } = node;
    if (typeof value !== 'string') return value;
    if (brokenCharacter.test(value)) {
      this.report(node, 'encoding', 'half of a surrogate pair: no character at all');
    }
    if (node.type === 'PLAIN' && yaml11Trap.test(value)) {
      const message = `"${value}" is text here, and something else to tools of YAML 1.1`;
      this.report(node, 'portability', message, `quote it: "${value}"`, 'warning');
    }
    return value;
  }

  private map(node: YAMLMap.Parsed, depth: number): unknown {
    const value = Object.create(null) as Record<string, unknown>;
    const seen = new Set<string>();
    for (const pair of node.items) {
      const key = this.key(pair);
      if (key === null) continue;
      if (seen.has(key)) {
        this.report(pair.key, 'duplicate', `key "${key}" for the second time`);
        continue;
      }
      seen.add(key);
      value[key] = this.plain(pair.value, depth + 1);
    }
    return value;
  }

  private key(pair: Pair<ParsedNode, ParsedNode | null>): string | null {
    const { key } = pair;
    this.nodes++;
    if (!isScalar(key) || typeof key.value !== 'string' || key.anchor) {
      this.report(key, 'syntax', 'a key that is no plain text', 'write the key out, quoted');
      return null;
    }
    if (key.value === '<<' && key.type === 'PLAIN') {
      this.report(key, 'forbidden', 'merge keys (<<) are not read', 'write the keys out');
      return null;
    }
    if (reservedKeys.has(key.value)) {
      this.report(key, 'forbidden', `"${key.value}" cannot be a key: JavaScript reserves it`);
      return null;
    }
    if (brokenCharacter.test(key.value)) {
      this.report(key, 'encoding', 'half of a surrogate pair: no character at all');
      return null;
    }
    return key.value;
  }

  private report(
    node: { range?: unknown },
    kind: RawProblem['kind'],
    message: string,
    hint?: string,
    severity?: 'warning',
  ): void {
    this.problems.push({ kind, message, hint, ...(severity && { severity }), ...placeOf(node) });
  }
}

function placeOf(node: { range?: unknown }): Place {
  const [offset = 0, end = 0] = (node.range ?? []) as readonly number[];
  return { offset, length: Math.max(1, end - offset) };
}

function treeOf(
  value: unknown,
  document: Document.Parsed,
  targets: ReadonlyMap<Alias, ParsedNode>,
): ScenarioTree {
  const resolve = (node: ParsedNode | null): ParsedNode | null =>
    isAlias(node) ? resolve(targets.get(node) ?? null) : node;

  // A map may have ten thousand unknown keys, each looked up: by index, not by search.
  const indexes = new Map<Node, Map<unknown, Pair<ParsedNode, ParsedNode | null>>>();
  const pairOf = (map: YAMLMap.Parsed, step: string | number) => {
    let index = indexes.get(map);
    if (!index) {
      index = new Map(map.items.map((pair) => [isScalar(pair.key) ? pair.key.value : null, pair]));
      indexes.set(map, index);
    }
    return index.get(step);
  };

  const find = (path: Path): { node: ParsedNode | null; key: Node | null; found: boolean } => {
    let node: ParsedNode | null = document.contents;
    let key: Node | null = null;
    for (const step of path) {
      const parent = resolve(node);
      if (isMap(parent)) {
        const pair = pairOf(parent as YAMLMap.Parsed, step);
        if (!pair) return { node, key, found: false };
        key = pair.key;
        node = pair.value;
      } else if (isSeq(parent) && typeof step === 'number' && step < parent.items.length) {
        key = null;
        node = parent.items[step] as ParsedNode;
      } else {
        return { node, key, found: false };
      }
    }
    return { node, key, found: true };
  };

  return {
    value,
    locate(path, part) {
      const { node, key, found } = find(path);
      // A whole collection would underline half of the file; its key or first key says it as well.
      const collection = isMap(node) || isSeq(node);
      if (key && (part === 'key' || !found || node === null || collection)) return placeOf(key);
      if (node === null) return { offset: 0, length: 1 };
      return collection ? { offset: placeOf(node).offset, length: 1 } : placeOf(node);
    },
    written(path) {
      const node = resolve(find(path).node);
      return isScalar(node) && typeof node.source === 'string' ? node.source : '';
    },
  };
}
