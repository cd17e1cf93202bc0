/**
 * The graph of requests between endpoints: who calls whom, who looks into whose cache, who consumes
 * whose messages. It must end somewhere, and soon enough to be simulated.
 */
import { limits } from '../limits.ts';
import type { CallModel, ServiceModel, SimulatedScenario, TrafficModel } from './model.ts';
import type { Report } from './report.ts';
import type { Path } from './yaml-tree.ts';

interface Edge {
  readonly to: number;
  /** How often a request goes this way, in the mean. */
  readonly times: number;
  readonly path: Path;
}

interface CallGraph {
  readonly names: readonly string[];
  readonly edges: readonly (readonly Edge[])[];
  /** Node of each service's first endpoint. */
  readonly first: readonly number[];
}

type Scenario = Pick<SimulatedScenario, 'services' | 'traffic' | 'durationUs'>;

export function checkCallGraph(report: Report, scenario: Scenario): void {
  const { services, traffic, durationUs } = scenario;
  const graph = graphOf(services);
  const order = callersFirst(report, graph);
  if (!order) return;
  const rates = new Float64Array(graph.names.length);
  for (const entry of traffic) {
    const node = (graph.first[entry.service] ?? 0) + entry.endpoint;
    rates[node] = (rates[node] ?? 0) + meanRate(entry, durationUs);
  }
  for (const node of order) {
    for (const { to, times } of graph.edges[node] ?? []) {
      rates[to] = (rates[to] ?? 0) + (rates[node] ?? 0) * times;
    }
  }
  warnUnreached(report, { scenario, graph, rates });
  const requests = rates.reduce((sum, rate) => sum + rate, 0) * (durationUs / 1e6);
  if (requests > limits.recordsMax) {
    report.add(['traffic'], {
      kind: 'limit',
      part: 'key',
      message: `about ${grouped(requests)} requests, calls between services counted; the limit is ${grouped(limits.recordsMax)}`,
      hint: 'lower the rates or the duration',
    });
  }
}

/** With its flash crowds, over the whole run. */
function meanRate({ rate, surges }: TrafficModel, durationUs: number): number {
  const extra = surges.reduce(
    (sum, { at, until, factor }) =>
      sum + (factor - 1) * Math.max(0, Math.min(until, durationUs) - at),
    0,
  );
  return rate * Math.max(0, 1 + extra / durationUs);
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
  const nodeOf = (at: { service: number; endpoint: number }) =>
    (first[at.service] ?? 0) + at.endpoint;
  for (const [s, service] of services.entries()) {
    for (const [e, endpoint] of service.endpoints.entries()) {
      names.push(endpoint.name === '*' ? service.name : `${service.name} "${endpoint.name}"`);
      const path = ['services', s, 'endpoints', e, 'calls'];
      edges.push(endpoint.calls.flatMap((call, c) => edgesOf(call, service, [...path, c], nodeOf)));
    }
  }
  for (const [s, service] of services.entries()) {
    for (const [c, { service: queue, topic, endpoint }] of service.consumes.entries()) {
      const to = nodeOf({ service: s, endpoint });
      const path = ['services', s, 'consumes', c, 'queue'];
      edges[nodeOf({ service: queue, endpoint: topic })]?.push({ to, times: 1, path });
    }
  }
  return { names, edges, first };
}

/** A call, and the look into the cache before it, which spares as many calls as nobody knows. */
function edgesOf(
  call: CallModel,
  caller: ServiceModel,
  path: Path,
  nodeOf: (at: { service: number; endpoint: number }) => number,
): Edge[] {
  const times = call.probability * call.times;
  const edges = [{ to: nodeOf(call), times, path: [...path, 'to'] }];
  const store = call.cache === null ? null : (caller.caches[call.cache]?.store ?? null);
  if (store) edges.push({ to: nodeOf(store), times, path: [...path, 'cache'] });
  return edges;
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
  { scenario, graph, rates }: { scenario: Scenario; graph: CallGraph; rates: Float64Array },
): void {
  if (scenario.traffic.length === 0) {
    report.add(['traffic'], {
      kind: 'no-effect',
      severity: 'warning',
      message: 'no traffic: nothing will happen',
      part: 'key',
    });
    return;
  }
  const askedAtStart = new Set(
    scenario.services.flatMap((service) => service.startup.calls.map((call) => call.service)),
  );
  for (const [index, service] of scenario.services.entries()) {
    const from = graph.first[index] ?? 0;
    const own = rates.subarray(from, from + service.endpoints.length);
    // Replicas get their work from the database that they copy.
    const reached = service.replicaOf !== null || askedAtStart.has(index);
    if (reached || own.some((rate) => rate > 0)) continue;
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
