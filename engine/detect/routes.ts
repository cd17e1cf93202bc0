/** Which states each record belongs to, looked up by an index and never by a name. */
import type { SourceHeader } from '../replay/source.ts';
import { listens, type Lane } from './lane.ts';

export interface Routes {
  /** By service. */
  readonly logs: readonly (readonly Lane[])[];
  /** By series. */
  readonly metrics: readonly (readonly Lane[])[];
  /** By service; spans of edges are found by `edges`. */
  readonly spans: readonly (readonly Lane[])[];
  /** By service. */
  readonly changes: readonly (readonly Lane[])[];
  /** By `caller>callee`, indexes into services. */
  readonly edges: ReadonlyMap<string, readonly Lane[]>;
  readonly ticks: readonly Lane[];
}

export function route(lanes: readonly Lane[], header: SourceHeader): Routes {
  const perService = (take: (lane: Lane, service: number) => boolean): Lane[][] =>
    header.services.map((_, service) => lanes.filter((lane) => take(lane, service)));
  const isEdge = (lane: Lane): boolean => lane.subject.caller !== null;
  const edges = new Map<string, Lane[]>();
  for (const lane of lanes) {
    if (!isEdge(lane) || !listens(lane.group, 'span')) continue;
    const key = `${lane.subject.caller}>${lane.subject.service}`;
    edges.set(key, [...(edges.get(key) ?? []), lane]);
  }
  return {
    logs: perService((lane, service) => listens(lane.group, 'log') && covers(lane, service)),
    metrics: routeMetrics(lanes, header),
    spans: perService(
      (lane, service) => !isEdge(lane) && listens(lane.group, 'span') && covers(lane, service),
    ),
    changes: perService((lane, service) => listens(lane.group, 'change') && covers(lane, service)),
    edges,
    ticks: lanes.filter((lane) => listens(lane.group, 'tick')),
  };
}

/** The run's states see every service, an edge both of its ends. */
function covers(lane: Lane, service: number): boolean {
  const { subject } = lane;
  return subject.service === null || subject.service === service || subject.caller === service;
}

function routeMetrics(lanes: readonly Lane[], header: SourceHeader): Lane[][] {
  const bySeries = new Map<number, Lane[]>();
  const byService: Lane[] = [];
  for (const lane of lanes) {
    if (!listens(lane.group, 'metric')) continue;
    const { series } = lane.subject;
    if (series === null) byService.push(lane);
    else bySeries.set(series, [...(bySeries.get(series) ?? []), lane]);
  }
  return header.series.map(({ service }, id) => [
    ...(bySeries.get(id) ?? []),
    ...byService.filter((lane) => covers(lane, service)),
  ]);
}
