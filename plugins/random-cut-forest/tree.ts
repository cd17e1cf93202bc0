/**
 * A random cut tree over the points of a ring (Guha et al. 2016): each inner node cuts its bounding
 * box at random, a dimension as likely as it is long. A point that changes the tree much when it is
 * taken out stands apart.
 *
 * Nodes are numbers: a leaf is the slot of its point in the ring, inner nodes follow from `leaves`
 * on. Plain arrays, because the engine stores and copies them.
 */
export interface CutTree {
  /** Slots of the ring. */
  readonly leaves: number;
  readonly dimensions: number;
  /** -1 while the tree is empty. */
  root: number;
  /** Per node; -1 where there is none. */
  readonly parent: number[];
  /** Points below a node. */
  readonly mass: number[];
  /** Per inner node, less `leaves`. */
  readonly left: number[];
  readonly right: number[];
  readonly cutIn: number[];
  readonly cutAt: number[];
  /** Boxes, `dimensions` numbers each. */
  readonly low: number[];
  readonly high: number[];
  /** Inner nodes that are not in use. */
  readonly free: number[];
}

/** Points of the ring, `dimensions` numbers each. */
export type Points = readonly number[];

export function cutTree(leaves: number, dimensions: number): CutTree {
  const inner = leaves - 1;
  const filled = (length: number, value: number) => Array.from({ length }, () => value);
  return {
    leaves,
    dimensions,
    root: -1,
    parent: filled(leaves + inner, -1),
    mass: [...filled(leaves, 1), ...filled(inner, 0)],
    left: filled(inner, -1),
    right: filled(inner, -1),
    cutIn: filled(inner, 0),
    cutAt: filled(inner, 0),
    low: filled(inner * dimensions, 0),
    high: filled(inner * dimensions, 0),
    free: Array.from({ length: inner }, (_, i) => leaves + inner - 1 - i),
  };
}

export function insert(tree: CutTree, points: Points, leaf: number, random: () => number): void {
  if (tree.root < 0) {
    tree.root = leaf;
    tree.parent[leaf] = -1;
    return;
  }
  let node = tree.root;
  for (;;) {
    const cut = cutBetween(tree, points, node, leaf, random);
    if (cut !== null) {
      attach(tree, points, { node, leaf, ...cut });
      return;
    }
    const inner = node - tree.leaves;
    tree.mass[node] = (tree.mass[node] as number) + 1;
    for (let d = 0; d < tree.dimensions; d++) {
      const value = points[leaf * tree.dimensions + d] as number;
      const at = inner * tree.dimensions + d;
      tree.low[at] = Math.min(tree.low[at] as number, value);
      tree.high[at] = Math.max(tree.high[at] as number, value);
    }
    node = childFor(tree, points, inner, leaf);
  }
}

export function remove(tree: CutTree, points: Points, leaf: number): void {
  const parent = tree.parent[leaf] as number;
  if (parent < 0) {
    tree.root = -1;
    return;
  }
  const sibling = siblingOf(tree, leaf);
  replace(tree, parent, sibling);
  tree.free.push(parent);
  for (let node = tree.parent[sibling] as number; node >= 0; node = tree.parent[node] as number) {
    tree.mass[node] = (tree.mass[node] as number) - 1;
    fitBox(tree, points, node);
  }
}

/** How much larger others are that a point, with those nearest to it, displaces: at most on its way up. */
export function displacement(tree: CutTree, leaf: number): number {
  let most = 0;
  for (let node = leaf; (tree.parent[node] as number) >= 0; node = tree.parent[node] as number) {
    const beside = tree.mass[siblingOf(tree, node)] as number;
    most = Math.max(most, beside / (tree.mass[node] as number));
  }
  return most;
}

interface Cut {
  readonly dimension: number;
  readonly at: number;
  readonly isBelow: boolean;
}

/** A random cut of the node's box widened by the point, if it parts the two; null if it does not. */
function cutBetween(
  tree: CutTree,
  points: Points,
  node: number,
  leaf: number,
  random: () => number,
): Cut | null {
  const { dimensions } = tree;
  let total = 0;
  for (let d = 0; d < dimensions; d++) {
    const value = points[leaf * dimensions + d] as number;
    total +=
      Math.max(highOf(tree, points, node, d), value) -
      Math.min(lowOf(tree, points, node, d), value);
  }
  if (total === 0)
    return node < tree.leaves
      ? { dimension: 0, at: points[leaf * dimensions] as number, isBelow: true }
      : null;
  let rest = random() * total;
  for (let d = 0; d < dimensions; d++) {
    const value = points[leaf * dimensions + d] as number;
    const low = lowOf(tree, points, node, d);
    const high = highOf(tree, points, node, d);
    const from = Math.min(low, value);
    const length = Math.max(high, value) - from;
    if (rest >= length && d < dimensions - 1) {
      rest -= length;
      continue;
    }
    const at = from + Math.min(rest, length);
    if (value <= at && at < low) return { dimension: d, at, isBelow: true };
    if (high <= at && at < value) return { dimension: d, at, isBelow: false };
    break;
  }
  // A leaf has no cut of its own to follow: part them where they differ.
  return node < tree.leaves ? cutBetween(tree, points, node, leaf, random) : null;
}

function attach(
  tree: CutTree,
  points: Points,
  { node, leaf, dimension, at, isBelow }: Cut & { readonly node: number; readonly leaf: number },
): void {
  const made = tree.free.pop();
  if (made === undefined) throw new Error('a tree holds no more points than its ring');
  const inner = made - tree.leaves;
  replace(tree, node, made);
  tree.left[inner] = isBelow ? leaf : node;
  tree.right[inner] = isBelow ? node : leaf;
  tree.cutIn[inner] = dimension;
  tree.cutAt[inner] = at;
  tree.parent[leaf] = made;
  tree.parent[node] = made;
  tree.mass[made] = (tree.mass[node] as number) + 1;
  fitBox(tree, points, made);
}

/** Equal points go to the lighter side, or a constant series would make a list of the tree. */
function childFor(tree: CutTree, points: Points, inner: number, leaf: number): number {
  const left = tree.left[inner] as number;
  const right = tree.right[inner] as number;
  const dimension = tree.cutIn[inner] as number;
  const value = points[leaf * tree.dimensions + dimension] as number;
  const at = inner * tree.dimensions + dimension;
  if (tree.low[at] === tree.high[at]) {
    return (tree.mass[left] as number) <= (tree.mass[right] as number) ? left : right;
  }
  return value <= (tree.cutAt[inner] as number) ? left : right;
}

/** Puts `by` in the place of `node`. */
function replace(tree: CutTree, node: number, by: number): void {
  const parent = tree.parent[node] as number;
  tree.parent[by] = parent;
  if (parent < 0) {
    tree.root = by;
    return;
  }
  const inner = parent - tree.leaves;
  if (tree.left[inner] === node) tree.left[inner] = by;
  else tree.right[inner] = by;
}

function siblingOf(tree: CutTree, node: number): number {
  const inner = (tree.parent[node] as number) - tree.leaves;
  const left = tree.left[inner] as number;
  return left === node ? (tree.right[inner] as number) : left;
}

function fitBox(tree: CutTree, points: Points, node: number): void {
  const inner = node - tree.leaves;
  const left = tree.left[inner] as number;
  const right = tree.right[inner] as number;
  for (let d = 0; d < tree.dimensions; d++) {
    const at = inner * tree.dimensions + d;
    tree.low[at] = Math.min(lowOf(tree, points, left, d), lowOf(tree, points, right, d));
    tree.high[at] = Math.max(highOf(tree, points, left, d), highOf(tree, points, right, d));
  }
}

function lowOf(tree: CutTree, points: Points, node: number, d: number): number {
  return (
    node < tree.leaves
      ? points[node * tree.dimensions + d]
      : tree.low[(node - tree.leaves) * tree.dimensions + d]
  ) as number;
}

function highOf(tree: CutTree, points: Points, node: number, d: number): number {
  return (
    node < tree.leaves
      ? points[node * tree.dimensions + d]
      : tree.high[(node - tree.leaves) * tree.dimensions + d]
  ) as number;
}
