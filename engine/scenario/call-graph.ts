/** The graph of calls between endpoints: it must end somewhere, and soon enough to be simulated. */
import { limits } from '../limits.ts';
import type { ServiceModel, TrafficModel } from './model.ts';
import type { Report } from './report.ts';
import type { Path } from './yaml-tree.ts';

interface Edge {
  readonly to: number;
  readonly probability: number;
  readonly path: Path;
}

interface CallGraph {
  readonly names: readonly string[];
  readonly edges: readonly (readonly Edge[])[];
  /** Node of each service's first endpoint. */
  readonly first: readonly number[];
}

export function checkCallGraph(
  report: Report,
  services: readonly ServiceModel[],
  run: { traffic: readonly TrafficModel[]; durationUs: number },
): void {
  const graph = graphOf(services);
  const order = callersFirst(report, graph);
  if (!order) return;
  const rates = new Float64Array(graph.names.length);
  for (const { service, endpoint, rate } of run.traffic) {
    const node = (graph.first[service] ?? 0) + endpoint;
    rates[node] = (rates[node] ?? 0) + rate;
  }
  for (const node of order) {
    for (const { to, probability } of graph.edges[node] ?? []) {
      rates[to] = (rates[to] ?? 0) + (rates[node] ?? 0) * probability;
    }
  }
  warnUnreached(report, { services, graph, rates, traffic: run.traffic.length });
  const requests = rates.reduce((sum, rate) => sum + rate, 0) * (run.durationUs / 1e6);
  if (requests > limits.recordsMax) {
    report.add(['traffic'], {
      kind: 'limit',
      part: 'key',
      message: `about ${grouped(requests)} requests, calls between services counted; the limit is ${grouped(limits.recordsMax)}`,
      hint: 'lower the rates or the duration',
    });
  }
}

function graphOf(services: readonly ServiceModel[]): CallGraph {
  const first: number[] = [];
  let nodes = 0;
  for (const service of services) {
    first.push(nodes);
    nodes += service.endpoints.length;
  }
  const names: string[] = [];
  const edges: Edge[][] = [];
  for (const [s, service] of services.entries()) {
    for (const [e, endpoint] of service.endpoints.entries()) {
      names.push(endpoint.name === '*' ? service.name : `${service.name} "${endpoint.name}"`);
      edges.push(
        endpoint.calls.map((call, c) => ({
          to: (first[call.service] ?? 0) + call.endpoint,
          probability: call.probability,
          path: ['services', s, 'endpoints', e, 'calls', c, 'to'],
        })),
      );
    }
  }
  return { names, edges, first };
}

/** Nodes in an order in which callers come before callees; null, and a problem per cycle, where there is none. */
function callersFirst(report: Report, graph: CallGraph): number[] | null {
  const unseen = 0;
  const onPath = 1;
  const done = 2;
  const state = new Uint8Array(graph.names.length);
  const finished: number[] = [];
  let cyclic = false;
  for (let root = 0; root < graph.names.length; root++) {
    if (state[root] !== unseen) continue;
    // A stack of our own: a chain of calls may be longer than the engine's.
    const stack = [{ node: root, next: 0 }];
    state[root] = onPath;
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const edge = graph.edges[top.node]?.[top.next++];
      if (!edge) {
        state[top.node] = done;
        finished.push(top.node);
        stack.pop();
      } else if (state[edge.to] === unseen) {
        state[edge.to] = onPath;
        stack.push({ node: edge.to, next: 0 });
      } else if (state[edge.to] === onPath) {
        cyclic = true;
        const from = stack.findIndex((entry) => entry.node === edge.to);
        const cycle = [...stack.slice(from).map((entry) => entry.node), edge.to];
        report.add(edge.path, {
          kind: 'cycle',
          message: `calls go in a circle: ${shown(graph, cycle)}`,
        });
      }
    }
  }
  return cyclic ? null : finished.reverse();
}

function shown(graph: CallGraph, nodes: readonly number[]): string {
  const names = nodes.map((node) => graph.names[node] ?? '');
  if (names.length <= 12) return names.join(' → ');
  return [...names.slice(0, 6), `… ${names.length - 8} more …`, ...names.slice(-2)].join(' → ');
}

function warnUnreached(
  report: Report,
  seen: {
    services: readonly ServiceModel[];
    graph: CallGraph;
    rates: Float64Array;
    traffic: number;
  },
): void {
  if (seen.traffic === 0) {
    report.add(['traffic'], {
      kind: 'no-effect',
      severity: 'warning',
      message: 'no traffic: nothing will happen',
      part: 'key',
    });
    return;
  }
  for (const [index, service] of seen.services.entries()) {
    const from = seen.graph.first[index] ?? 0;
    if (seen.rates.subarray(from, from + service.endpoints.length).some((rate) => rate > 0))
      continue;
    report.add(['services', index, 'name'], {
      kind: 'no-effect',
      severity: 'warning',
      message: `no request ever reaches ${service.name}`,
    });
  }
}

function grouped(count: number): string {
  const rounded = count < 1e15 ? String(Math.round(count)) : count.toExponential(1);
  return rounded.replace(/\B(?=(\d{3})+$)/g, ',');
}
