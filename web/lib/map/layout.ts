/** Where services stand on the map: laid out once a run, so that nothing moves while time does. */
import { Graph, layout } from '@dagrejs/dagre';
import type { RunOverview } from '../../../engine/query/types.ts';

export const nodeHeight = 30;

export interface MapNode {
  readonly name: string;
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
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Smallest picture, so that three services don't fill the panel like posters. */
const smallest = { width: 520, height: 250 };
const margin = 12;

export function layoutServices(
  run: Pick<RunOverview, 'services' | 'dependencies'>,
): ServiceMapLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 20, ranksep: 34, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const service of run.services)
    graph.setNode(service.name, { width: widthOf(service.name), height: nodeHeight });
  const known = new Set(run.services.map((service) => service.name));
  const dependencies = run.dependencies.filter(
    ({ caller, callee }) => known.has(caller) && known.has(callee) && caller !== callee,
  );
  for (const { caller, callee } of dependencies) graph.setEdge(caller, callee);
  layout(graph);
  const nodes = run.services.map((service) => {
    const { x = 0, y = 0 } = graph.node(service.name) as Partial<Point>;
    return { name: service.name, kind: service.kind, x, y, width: widthOf(service.name) };
  });
  const edges = dependencies.map(({ caller, callee }) => {
    const { points = [] } = graph.edge(caller, callee) as { readonly points?: readonly Point[] };
    return { caller, callee, path: curve(points) };
  });
  return { nodes, edges, viewBox: viewBoxOf(nodes) };
}

/** Names longer than this are cut on the map; the title has them whole. */
export const nameCharsMax = 22;

function widthOf(name: string): number {
  return Math.max(86, 38 + Math.min(name.length, nameCharsMax) * 6.4);
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

function viewBoxOf(nodes: readonly MapNode[]): string {
  const left = Math.min(0, ...nodes.map((node) => node.x - node.width / 2 - margin));
  const right = Math.max(0, ...nodes.map((node) => node.x + node.width / 2 + margin));
  const top = Math.min(0, ...nodes.map((node) => node.y - nodeHeight / 2 - margin));
  const bottom = Math.max(0, ...nodes.map((node) => node.y + nodeHeight / 2 + margin));
  const width = Math.max(smallest.width, right - left);
  const height = Math.max(smallest.height, bottom - top);
  const x = (left + right - width) / 2;
  const y = (top + bottom - height) / 2;
  return `${round(x)} ${round(y)} ${round(width)} ${round(height)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
