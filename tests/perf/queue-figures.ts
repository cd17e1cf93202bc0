/** Runs a model and holds what comes out against its closed forms. */
import { limits } from '../../engine/limits.ts';
import { parseScenario, type SimulatedScenario } from '../../engine/scenario/index.ts';
import {
  simulate,
  type SimulationResult,
  type SimulationStatistics,
} from '../../engine/simulator/index.ts';
import { batchMeans, type BatchMeans } from './batch-means.ts';
import {
  closedForm,
  ratePerSecond,
  requestsPerArrival,
  scenarioText,
  type Load,
  type QueueModel,
} from './queue-models.ts';

export interface QueueFigure extends BatchMeans {
  readonly station: string;
  readonly measure: 'wait' | 'queue';
  /** By theory; waits in µs, queues in requests. */
  readonly expected: number;
  /** Share of what is expected. */
  readonly deviation: number;
  readonly inside: boolean;
}

export interface QueueMeasurement {
  readonly figures: readonly QueueFigure[];
  readonly runs: number;
  /** Warm-up included. */
  readonly arrivals: number;
  /** Largest |Lq / λW − 1| of a station over a whole run: only those that wait at its end make one. */
  readonly littleGap: number;
}

export interface Batches {
  /** In all. */
  readonly measured: number;
  /** Left out at the start of each run, which begins empty. */
  readonly warmup: number;
  readonly confidence: number;
}

/** @param load.arrivals of the batches that are measured; the warm-up comes on top */
export function measureQueues(
  model: QueueModel,
  load: Load,
  options: { readonly seed: number; readonly batches: Batches },
): QueueMeasurement {
  const { warmup, confidence } = options.batches;
  const results = simulateRuns(model, load, options);
  const waits = results.flatMap((result) => result.batchWaits.slice(warmup));
  const queues = results.flatMap((result) => result.batchQueues.slice(warmup));
  const ratePerUs = ratePerSecond(model, load) / 1e6;
  const figures = model.stations.flatMap((station, s) => {
    const theory = closedForm(station, ratePerUs);
    return (['wait', 'queue'] as const).map((measure): QueueFigure => {
      const values = (measure === 'wait' ? waits : queues).map((all) => all[s] ?? Number.NaN);
      const means = batchMeans(values, confidence);
      const expected = theory[measure];
      return {
        ...means,
        station: station.name,
        measure,
        expected,
        deviation: Math.abs(means.mean / expected - 1),
        inside: means.low <= expected && expected <= means.high,
      };
    });
  });
  return {
    figures,
    runs: results.length,
    arrivals: results.reduce((sum, { statistics }) => sum + statistics.arrivals, 0),
    littleGap: Math.max(...results.map(({ statistics }) => littleGap(model, statistics))),
  };
}

/** As few runs as the format's bound on the requests of one allows, each with a seed of its own. */
function simulateRuns(
  model: QueueModel,
  load: Load,
  { seed, batches: { measured, warmup } }: { readonly seed: number; readonly batches: Batches },
): readonly SimulationResult[] {
  const perBatch = load.arrivals / measured;
  const batchesMax = Math.floor(limits.recordsMax / (perBatch * requestsPerArrival(model)));
  const runs = Math.ceil(measured / (batchesMax - warmup));
  const batches = measured / runs + warmup;
  return Array.from({ length: runs }, (_, run) => {
    const text = scenarioText(model, { ...load, arrivals: perBatch * batches }, seed + run);
    const result = simulate(readScenario(text), { batches });
    holdOpen(model, result.statistics);
    return result;
  });
}

function readScenario(text: string): SimulatedScenario {
  const result = parseScenario({ file: 'queue.yaml', text });
  if (result.scenario?.kind === 'simulated') return result.scenario;
  throw new Error(`not a scenario: ${JSON.stringify(result)}\n${text}`);
}

/** Theory has queues without end, and a front at which nobody waits. */
function holdOpen({ stations }: QueueModel, { endpoints }: SimulationStatistics): void {
  endpoints.forEach(({ service, refused, waitSum }, e) => {
    if (refused > 0 || (e >= stations.length && waitSum > 0)) {
      throw new Error(`${service} turned ${refused} away, and let others wait for ${waitSum} µs`);
    }
  });
}

function littleGap(
  { stations }: QueueModel,
  { services, endpoints }: SimulationStatistics,
): number {
  const gaps = stations.map((_, s) => {
    const queued = services[s]?.queuedIntegral ?? Number.NaN;
    return Math.abs(queued / (endpoints[s]?.waitSum ?? Number.NaN) - 1);
  });
  return Math.max(...gaps);
}
