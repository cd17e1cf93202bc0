/**
 * Outcomes as the services themselves report them: from the rate, error and latency series of the
 * simulation's own metrics. It knows no latency of an objective and no single endpoint, it does not
 * count what was lost on the way, and nobody acts in it.
 */
import type { SimulatedScenario } from '../scenario/model.ts';
import type { SeriesInfo } from '../replay/source.ts';
import { createSimulatorSource } from '../simulator/index.ts';
import type { MeasureOutcome, Outcome } from './model.ts';
import { observe } from './records.ts';

const windowUs = 10_000_000;

export function reportedOutcome(scenario: SimulatedScenario): MeasureOutcome {
  return ({ seed, withoutFaults }) => {
    const faults = scenario.faults.filter(
      ({ id }) => withoutFaults !== 'all' && !withoutFaults.includes(id),
    );
    const telemetry = { logSample: 0, traceSample: 0, metricIntervalUs: windowUs, metricLagUs: 0 };
    const actions = { ...scenario.actions, custom: [] };
    return measure({ ...scenario, faults, telemetry, actions }, seed);
  };
}

function measure(scenario: SimulatedScenario, seed: number): Outcome {
  const source = createSimulatorSource(scenario, { seed });
  const windows = Math.ceil(scenario.durationUs / windowUs);
  const empty = (): Float64Array => new Float64Array(windows);
  const services = scenario.services.map(() => ({
    total: empty(),
    bad: empty(),
    latencyP95Us: empty().fill(Number.NaN),
  }));
  const { series } = source.header;
  observe(source, [
    {
      metric(t, index, value) {
        const of = series[index];
        const counts = of && services[of.service];
        // A point stands for the window that ends with it.
        const window = Math.round(t / windowUs) - 1;
        if (counts && window >= 0 && window < windows) take(counts, of, { window, value });
      },
    },
  ]);
  const objectives = scenario.objectives.map(({ service }) => {
    const counts = services[scenario.services.findIndex(({ name }) => name === service)];
    return { total: counts?.total ?? empty(), bad: counts?.bad ?? empty() };
  });
  return { windowUs, objectives, services };
}

/** The rate of a window comes before its error ratio. */
function take(
  counts: Outcome['services'][number],
  { role }: SeriesInfo,
  { window, value }: { readonly window: number; readonly value: number },
): void {
  const seconds = windowUs / 1e6;
  if (role === 'request_rate') counts.total[window] = Math.round(value * seconds);
  if (role === 'error_ratio') {
    counts.bad[window] = Math.round(value * (counts.total[window] as number));
  }
  if (role === 'latency_p95') counts.latencyP95Us[window] = value * 1e6;
}
