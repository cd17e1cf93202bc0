/** Where services stand on the map: laid out once a set of names, so that nothing moves while time does. */
import { Graph, layout } from '@dagrejs/dagre';
import type { RunOverview } from '../../../engine/query/types.ts';
import { shortNames } from '../format/name.ts';

export const nodeHeight = 30;

export interface MapNode {
  readonly name: string;
  /** The name as far as it fits. */
  readonly label: string;
  readonly kind: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface MapEdge {
  readonly caller: string;
  readonly callee: string;
  /** An SVG path from caller to callee. */
  readonly path: string;
}

export interface ServiceMapLayout {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly viewBox: string;
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** How much a map takes: names longer than this are cut (the title has them whole), and the room between boxes. */
interface Density {
  readonly nameCharsMax: number;
  readonly rankGap: number;
  readonly nodeGap: number;
}

const usual: Density = { nameCharsMax: 18, rankGap: 32, nodeGap: 14 };
/** Five services one behind the other still fit into a third of a window, with their names whole. */
const close: Density = { nameCharsMax: 18, rankGap: 14, nodeGap: 7 };
const tight: Density = { nameCharsMax: 16, rankGap: 8, nodeGap: 5 };
const densities = [usual, close, tight];

const margin = 12;

export function layoutServices(
  run: Pick<RunOverview, 'services' | 'dependencies'>,
  { nameCharsMax, rankGap, nodeGap }: Density = usual,
): ServiceMapLayout {
  const graph = new Graph();
  graph.setGraph({
    rankdir: 'LR',
    nodesep: nodeGap,
    ranksep: rankGap,
    marginx: margin,
    marginy: margin,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const labels = shortNames(
    run.services.map(({ name }) => name),
    nameCharsMax,
  );
  const boxes = run.services.map(({ name, kind }) => {
    const label = labels.get(name) ?? name;
    return { name, kind, label, width: widthOf(label) };
  });
  const known = new Set(run.services.map((service) => service.name));
  const dependencies = run.dependencies.filter(
    ({ caller, callee }) => known.has(caller) && known.has(callee) && caller !== callee,
  );
  const linked = new Set(dependencies.flatMap(({ caller, callee }) => [caller, callee]));
  for (const { name, width } of boxes)
    if (linked.has(name)) graph.setNode(name, { width, height: nodeHeight });
  for (const { caller, callee } of dependencies) graph.setEdge(caller, callee);
  layout(graph);
  const inGraph = boxes
    .filter(({ name }) => linked.has(name))
    .map((one): MapNode => {
      const { x = 0, y = 0 } = graph.node(one.name) as Partial<Point>;
      return { ...one, x, y };
    });
  const alone = boxes.filter(({ name }) => !linked.has(name));
  const nodes = [...inGraph, ...inRows(alone, frameOf(inGraph))];
  const edges = dependencies.map(({ caller, callee }) => {
    const { points = [] } = graph.edge(caller, callee) as { readonly points?: readonly Point[] };
    return { caller, callee, path: curve(points) };
  });
  return { nodes, edges, ...frameOf(nodes) };
}

/** A row is at least so wide: what nobody calls would otherwise pile up in one column. */
const rowWidthMin = 440;
const rowGap = 14;

/** Services without a call to or from what is shown stand in rows below it. */
function inRows(
  boxes: readonly Omit<MapNode, 'x' | 'y'>[],
  above: { readonly width: number; readonly height: number },
): readonly MapNode[] {
  const right = Math.max(rowWidthMin, above.width) - margin;
  let left = margin;
  let top = Math.max(margin, above.height);
  return boxes.map((box) => {
    if (left > margin && left + box.width > right) {
      left = margin;
      top += nodeHeight + rowGap;
    }
    const node = { ...box, x: left + box.width / 2, y: top + nodeHeight / 2 };
    left += box.width + rowGap;
    return node;
  });
}

/** Names are written with 11 px; a picture smaller than this share of it is scrolled instead. */
export const scaleMin = 0.82;
/** Whoever asks for all of them would rather squint a little than scroll. */
export const scaleAllMin = 0.7;
/** Three services don't fill the panel like posters. */
export const scaleMax = 1.15;

/** Services beyond the notable ones that are tried, each by a layout of its own. */
const triesMax = 16;

/**
 * A map of the notable services, and of those after them in the ranking that find a place in `box`
 * at a size that can be read. Where the notable ones alone are too many, it is larger than the box.
 */
export function layoutThatFits(
  run: Pick<RunOverview, 'services' | 'dependencies'>,
  ranking: { readonly names: readonly string[]; readonly notable: number },
  box: {
    readonly width: number;
    readonly height: number;
    /** Taken off the height where a service is left out, for the line that says so. */
    readonly footer: number;
  },
): ServiceMapLayout {
  const layoutOf = (names: readonly string[], density?: Density) => {
    const shown = new Set(names);
    const services = run.services.filter(({ name }) => shown.has(name));
    return layoutServices({ services, dependencies: run.dependencies }, density);
  };
  const fits = ({ nodes, width, height }: ServiceMapLayout) =>
    width * scaleMin <= box.width &&
    height * scaleMin <= box.height - (nodes.length < run.services.length ? box.footer : 0);
  if (ranking.names.length <= triesMax) {
    const all = layoutWhole(run, box);
    if (fits(all)) return all;
  }
  let shown = ranking.names.slice(0, Math.max(1, ranking.notable));
  let layout = layoutOf(shown);
  // Room between boxes is worth less than a sight of those who call and are called.
  let density = layout.width * scaleMin <= box.width * 0.75 ? usual : close;
  if (density === close) layout = layoutOf(shown, density);
  if (!fits(layout)) {
    density = tight;
    layout = layoutOf(shown, density);
  }
  if (!fits(layout)) return layout;
  for (const name of ranking.names.slice(shown.length, shown.length + triesMax)) {
    // What only hangs on something left out would float without a line.
    if (isCutOff(run.dependencies, name, shown)) continue;
    const larger = layoutOf([...shown, name], density);
    if (!fits(larger)) continue;
    shown = [...shown, name];
    layout = larger;
  }
  return layout;
}

/** Every service, with as much room between them as the box has, or where it has none, the smallest. */
export function layoutWhole(
  run: Pick<RunOverview, 'services' | 'dependencies'>,
  box: { readonly width: number; readonly height: number },
): ServiceMapLayout {
  const scale = ({ width, height }: ServiceMapLayout) =>
    Math.min(1, box.width / width, box.height / height);
  const layouts = densities.map((density) => layoutServices(run, density));
  return layouts.reduce((best, one) => (scale(one) > scale(best) ? one : best));
}

function isCutOff(
  dependencies: RunOverview['dependencies'],
  name: string,
  shown: readonly string[],
): boolean {
  const others = dependencies.flatMap(({ caller, callee }) =>
    caller === name ? [callee] : callee === name ? [caller] : [],
  );
  return others.length > 0 && !others.some((other) => shown.includes(other));
}

function widthOf(label: string): number {
  // The error share below a short name wants as much.
  return Math.max(84, 32 + label.length * 6.1);
}

/** Everything that depends on the service, directly or through others: where its failure shows. */
export function blastRadius(
  dependencies: RunOverview['dependencies'],
  service: string,
): ReadonlySet<string> {
  const reached = new Set([service]);
  const open = [service];
  for (let callee = open.pop(); callee !== undefined; callee = open.pop()) {
    for (const dependency of dependencies) {
      if (dependency.callee !== callee || reached.has(dependency.caller)) continue;
      reached.add(dependency.caller);
      open.push(dependency.caller);
    }
  }
  return reached;
}

function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let from = first;
  let path = `M${round(first.x)} ${round(first.y)}`;
  for (const to of rest) {
    const bend = (to.x - from.x) / 2;
    path += `C${round(from.x + bend)} ${round(from.y)} ${round(to.x - bend)} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
    from = to;
  }
  return path;
}

function frameOf(
  nodes: readonly MapNode[],
): Pick<ServiceMapLayout, 'viewBox' | 'width' | 'height'> {
  const left = Math.min(0, ...nodes.map((node) => node.x - node.width / 2 - margin));
  const right = Math.max(0, ...nodes.map((node) => node.x + node.width / 2 + margin));
  const top = Math.min(0, ...nodes.map((node) => node.y - nodeHeight / 2 - margin));
  const bottom = Math.max(0, ...nodes.map((node) => node.y + nodeHeight / 2 + margin));
  const width = round(right - left);
  const height = round(bottom - top);
  return { viewBox: `${round(left)} ${round(top)} ${width} ${height}`, width, height };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
