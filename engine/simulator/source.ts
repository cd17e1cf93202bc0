/**
 * The simulator as a source. A second of scenario time is simulated at once; its records come out of
 * the simulation in order, and a batch ends with the second or when it is full.
 */
import { limits } from '../limits.ts';
import { Kind, type BatchWriter } from '../replay/batch.ts';
import { objectivesOf } from '../replay/objectives.ts';
import type { ServiceInfo, Source, SourceHeader } from '../replay/source.ts';
import type { ActionInput, SimulatedScenario } from '../scenario/model.ts';
import { packWorld } from './checkpoint.ts';
import { dependenciesOf } from './dependencies.ts';
import { inputsAtWork } from './inputs.ts';
import { endPeriods, openSimulation, runTo } from './run.ts';
import type { Plan } from './plan.ts';
import { seriesOf } from './telemetry/metrics/index.ts';
import type { PendingRecord } from './telemetry/state.ts';

const secondUs = 1_000_000;

/**
 * @param options.seed instead of the scenario's own
 */
export function createSimulatorSource(
  scenario: SimulatedScenario,
  options: { readonly seed?: number; readonly inputs?: readonly ActionInput[] } = {},
): Source {
  const { seed = scenario.seed, inputs = [] } = options;
  const run = openSimulation(scenario, { seed, inputs, telemetry: true });
  const pending = run.simulation.world.telemetry?.pending ?? [];
  let simulated = 0;
  let given = 0;
  let done = false;
  let kept = 0;
  return {
    header: headerOf(run.simulation.plan),
    next(batch) {
      if (done) return null;
      if (given === pending.length) {
        pending.length = 0;
        given = 0;
        simulated = Math.min(simulated + secondUs, scenario.durationUs);
        runTo(run, simulated);
        if (simulated === scenario.durationUs) endPeriods(run);
      }
      for (; given < pending.length; given++) {
        const record = pending[given] as PendingRecord;
        if (!give(batch, record)) return { through: record.t };
      }
      done = simulated === scenario.durationUs;
      // The last points are of the end itself, so the last watermark lies just behind it.
      return { through: done ? simulated + 1 : simulated };
    },
    takeCheckpoint() {
      // Only between two seconds is the world that of the moment up to which records were given.
      if (given < pending.length || simulated < kept + limits.checkpointEveryUs) return null;
      kept = simulated;
      return { t: simulated, ...packWorld(run.simulation.world, inputsAtWork(run.simulation)) };
    },
    close() {
      done = true;
    },
  };
}

function give(batch: BatchWriter, record: PendingRecord): boolean {
  const { kind, t, subject, severity, value } = record;
  switch (kind) {
    case Kind.log:
      return batch.log(t, subject, severity, record);
    case Kind.span:
      return batch.span(t, subject, severity, value, record);
    case Kind.change:
      return batch.change(t, subject, severity, record);
    default:
      return batch.metric(t, subject, value);
  }
}

function headerOf(plan: Plan): SourceHeader {
  const { scenario } = plan;
  const entries = new Set(scenario.traffic.map((entry) => entry.service));
  const services = scenario.services.map(({ name, kind }, s): ServiceInfo => ({
    name,
    kind,
    entry: entries.has(s),
  }));
  return {
    startUnixUs: scenario.startUnixUs,
    durationUs: scenario.durationUs,
    services,
    dependencies: dependenciesOf(scenario.services),
    objectives: objectivesOf(scenario.objectives, services),
    series: seriesOf(plan),
    intervals: [],
    intake: null,
  };
}
