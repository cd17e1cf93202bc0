/** Queues that theory solves, as scenarios in the public format, and what theory says of each station. */
import { erlangWaitUs, lognormalMoments, pollaczekWaitUs } from './queueing.ts';

export interface QueueModel {
  readonly id: string;
  readonly title: string;
  /** Where its closed form is from. */
  readonly theory: string;
  /** A request works at each of them, one after the other. */
  readonly stations: readonly Station[];
}

interface Station {
  readonly name: string;
  readonly servers: number;
  readonly work: Work;
}

type Work =
  | { readonly kind: 'exponential'; readonly meanUs: number }
  | { readonly kind: 'lognormal'; readonly p50Us: number; readonly p99Us: number };

export const queueModels: readonly QueueModel[] = [
  {
    id: 'mm1',
    title: 'M/M/1',
    theory: 'Erlang C with one server: W = ρ / (μ − λ)',
    stations: [{ name: 'till', servers: 1, work: { kind: 'exponential', meanUs: 4_000 } }],
  },
  {
    id: 'mmc',
    title: 'M/M/4',
    theory: 'Erlang C',
    stations: [{ name: 'counter', servers: 4, work: { kind: 'exponential', meanUs: 4_000 } }],
  },
  {
    id: 'mg1',
    title: 'M/G/1, lognormal',
    theory: 'Pollaczek–Khinchine',
    stations: [
      { name: 'desk', servers: 1, work: { kind: 'lognormal', p50Us: 2_000, p99Us: 16_000 } },
    ],
  },
  {
    // What leaves M/M/1 is Poisson again (Burke 1956), so the second station is M/M/2.
    id: 'tandem',
    title: 'tandem M/M/1 → M/M/2',
    theory: 'Jackson 1957, each station by Erlang C',
    stations: [
      { name: 'first', servers: 1, work: { kind: 'exponential', meanUs: 4_000 } },
      { name: 'second', servers: 2, work: { kind: 'exponential', meanUs: 8_000 } },
    ],
  },
];

/** How hard and how long a model is run. */
export interface Load {
  /** Of the busiest station. */
  readonly utilisation: number;
  /** Expected number. */
  readonly arrivals: number;
}

/** Arrivals per second as the file says it, to nine decimals. */
export function ratePerSecond({ stations }: QueueModel, { utilisation }: Load): number {
  const capacity = Math.min(...stations.map((s) => s.servers / meanUsOf(s.work)));
  return Number((utilisation * capacity * 1e6).toFixed(9));
}

/** Requests that one arrival makes in the whole system, the front's own counted. */
export function requestsPerArrival({ stations }: QueueModel): number {
  return stations.length === 1 ? 1 : stations.length + 1;
}

/** Mean wait, µs, and mean queue: Lq = λ W (Little 1961). */
export function closedForm(
  { servers, work }: Station,
  ratePerUs: number,
): { readonly wait: number; readonly queue: number } {
  const wait =
    work.kind === 'exponential'
      ? erlangWaitUs({ servers, ratePerUs, meanUs: work.meanUs })
      : pollaczekWaitUs({ ratePerUs, ...lognormalMoments(work) });
  return { wait, queue: ratePerUs * wait };
}

/**
 * Stations in a row are called by a front, one after the other. A caller keeps its worker while it
 * calls, so stations that call each other would block; the front has workers for all, and what leaves
 * one station is at the next in the same microsecond.
 */
export function scenarioText(model: QueueModel, load: Load, seed: number): string {
  const rate = ratePerSecond(model, load);
  const services = model.stations.map(serviceText);
  const [entry = '', ...others] = model.stations.map(({ name }) => name);
  if (others.length > 0) services.push(frontText([entry, ...others]));
  return `apiVersion: workbench/v1
kind: simulated
name: ${model.id}
seed: ${seed}
duration: ${Math.round((load.arrivals / rate) * 1e6)}us
services:
${services.join('\n')}
traffic: [{ entry: ${others.length > 0 ? 'front' : entry}, rate: ${rate}/s }]
`;
}

function serviceText({ name, servers, work }: Station): string {
  const time =
    work.kind === 'exponential'
      ? `distribution: exponential, mean: ${work.meanUs}us`
      : `p50: ${work.p50Us}us, p99: ${work.p99Us}us`;
  return `  - { name: ${name}, instances: 1, workers: ${servers}, queue: 1000000, service_time: { ${time} } }`;
}

function frontText(stations: readonly string[]): string {
  return `  - name: front
    instances: 1
    workers: 100000
    endpoints:
      - name: visit
        service_time: { distribution: constant, value: 1us }
        calls:
${stations.map((name) => `          - { to: ${name} }`).join('\n')}`;
}

function meanUsOf(work: Work): number {
  return work.kind === 'exponential' ? work.meanUs : lognormalMoments(work).meanUs;
}
