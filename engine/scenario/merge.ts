/**
 * A scenario laid over the one that it extends. Maps merge key by key, the named lists below item
 * by item, anything else replaces. Each value of the result knows the text that it came from, so
 * that a problem is shown where somebody can mend it.
 */
import type { RawProblem } from './problem.ts';
import { clipped, suggestion } from './suggestion.ts';
import type { Path, ScenarioTree } from './yaml-tree.ts';

/** A value of a merged tree, or of one that is to be merged. */
export interface Piece {
  readonly value: unknown;
  readonly origin: Origin;
}

interface Origin {
  /** The text, as `RawProblem.source`, its tree, and where in it. */
  readonly source: number;
  readonly tree: ScenarioTree;
  readonly path: Path;
  /** Where its parts come from, where they come from several texts. */
  readonly children: ReadonlyMap<string | number, Origin> | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** Lists whose items have names, by the keys that lead to them; * for any item. */
const identities: ReadonlyMap<string, 'name' | 'id'> = new Map([
  ['services', 'name'],
  ['services.*.pools', 'name'],
  ['services.*.caches', 'name'],
  ['services.*.endpoints', 'name'],
  ['faults', 'id'],
  ['actions.add', 'id'],
]);

export function pieceOf(tree: ScenarioTree, source: number): Piece {
  return { value: tree.value, origin: { source, tree, path: [], children: null } };
}

/** `own` over `base`; problems go to the list. */
export function merge(base: Piece, own: Piece, problems: RawProblem[]): Piece {
  return mergeAt([], { base, own }, problems);
}

/** The tree of the result: what is missing there is missing in the text that was laid on top. */
export function treeOfPiece({ value, origin }: Piece): ScenarioTree {
  const find = (path: Path) => {
    let node = origin;
    let depth = 0;
    for (; depth < path.length && node.children; depth++) {
      const child = node.children.get(path[depth] ?? '');
      if (!child) break;
      node = child;
    }
    return { ...node, path: [...node.path, ...path.slice(depth)] };
  };
  return {
    value,
    locate(path, part) {
      const { tree, source, path: own } = find(path);
      return { ...tree.locate(own, part), source };
    },
    written(path) {
      const { tree, path: own } = find(path);
      return tree.written(own);
    },
  };
}

interface Layers {
  readonly base: Piece;
  readonly own: Piece;
}

function mergeAt(at: Path, { base, own }: Layers, problems: RawProblem[]): Piece {
  if (isFields(base.value) && isFields(own.value)) {
    const fields = { base: base.value, own: own.value };
    if (isOtherKind(at, fields)) return own;
    return mergeMaps(at, { base, own }, { ...fields, problems });
  }
  const identity = identities.get(at.map((step) => (typeof step === 'number' ? '*' : step)).join('.')); // prettier-ignore
  if (identity && Array.isArray(base.value) && Array.isArray(own.value)) {
    return mergeLists(at, { base, own }, { identity, problems });
  }
  return own;
}

/** Parameters of another kind of fault, or of another distribution, do not mix. */
function isOtherKind(at: Path, { base, own }: { base: Fields; own: Fields }): boolean {
  const last = at.at(-1);
  if (last === 'service_time') return base['distribution'] !== own['distribution'];
  const isFault = at.length === 2 && at[0] === 'faults';
  const [before, after] = [base['kind'], own['kind']];
  return isFault && before !== undefined && after !== undefined && before !== after;
}

function mergeMaps(
  at: Path,
  layers: Layers,
  { base, own, problems }: { base: Fields; own: Fields; problems: RawProblem[] },
): Piece {
  const value = Object.create(null) as Record<string, unknown>;
  const children = new Map<string, Origin>();
  for (const key of new Set([...Object.keys(base), ...Object.keys(own)])) {
    const below = child(layers.base, key);
    const above = child(layers.own, key);
    const both = key in base && key in own;
    const part = both
      ? mergeAt([...at, key], { base: below, own: above }, problems)
      : key in own
        ? above
        : below;
    value[key] = part.value;
    children.set(key, part.origin);
  }
  return { value, origin: { ...layers.own.origin, children } };
}

function mergeLists(
  at: Path,
  layers: Layers,
  { identity, problems }: { identity: 'name' | 'id'; problems: RawProblem[] },
): Piece {
  const base = itemsOf(layers.base);
  const own = itemsOf(layers.own);
  const idOf = ({ value }: Piece) => (isFields(value) ? value[identity] : undefined);
  /** Items that stand for one of the base, by its name; the others follow. */
  const over = new Map<unknown, Piece>();
  for (const item of own) {
    const id = idOf(item);
    if (typeof id === 'string' && !over.has(id)) over.set(id, item);
  }
  const known = base.map(idOf).filter((id) => typeof id === 'string');
  const used = new Set<Piece>();
  const items: Piece[] = [];
  for (const item of base) {
    const above = over.get(idOf(item));
    if (!above || used.has(above)) {
      items.push(item);
      continue;
    }
    used.add(above);
    if (removes(above)) checkRemoval(above, problems);
    else items.push(mergeAt([...at, items.length], { base: item, own: above }, problems));
  }
  for (const item of own) {
    if (used.has(item)) continue;
    if (!removes(item)) {
      items.push(item);
      continue;
    }
    const id = String(idOf(item) ?? '');
    const message = `nothing to remove: no "${clipped(id)}" in what is extended`;
    const hint = suggestion(id, known, 'known');
    problems.push({ kind: 'reference', message, hint, ...place(item, identity) });
  }
  const children = new Map(items.map(({ origin }, index) => [index, origin]));
  return {
    value: items.map((item) => item.value),
    origin: { ...layers.own.origin, children },
  };
}

function removes({ value }: Piece): boolean {
  return isFields(value) && value['remove'] === true;
}

/** Whoever changes what they remove wants something else. */
function checkRemoval(item: Piece, problems: RawProblem[]): void {
  const others = isFields(item.value) ? Object.keys(item.value).length - 2 : 0;
  if (others <= 0) return;
  const message = 'remove beside other keys: what is removed has none';
  problems.push({ kind: 'forbidden', message, ...place(item, 'remove') });
}

function itemsOf(list: Piece): Piece[] {
  return (list.value as readonly unknown[]).map((_, index) => child(list, index));
}

function child({ value, origin }: Piece, step: string | number): Piece {
  const { children, path } = origin;
  return {
    value: (value as Readonly<Record<string | number, unknown>>)[step],
    origin: children?.get(step) ?? { ...origin, path: [...path, step], children: null },
  };
}

function place(item: Piece, key: string) {
  const tree = treeOfPiece(item);
  return tree.locate([key], key === 'remove' ? 'key' : 'value');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
