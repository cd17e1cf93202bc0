/** What was true of an outage, as the scorer sees it: one stretch of time for each incident. */
import type { OutageItem, PlayedTruth } from '../model.ts';
import type { SourceHeader } from '../../replay/source.ts';
import type { TrueIncident } from '../scores/events.ts';
import { measureTruth, type Outcome } from '../../simulator/index.ts';
import type { Scenario, SimulatedScenario } from '../../scenario/model.ts';
import type { Micros } from '../../sdk/index.ts';

/** Two stretches of impact closer than this are one incident. */
const gapUs = 10 * 60_000_000;

/** Of a simulation it is measured, beside one without the faults; of a recording it is what its labels say. */
export function truthOf(
  { scenario }: OutageItem,
  seed: number,
  { durationUs, series }: Pick<SourceHeader, 'durationUs' | 'series'>,
): PlayedTruth {
  if (scenario.truth.category === 'none') return quiet(durationUs);
  if (scenario.kind === 'simulated') return measured(scenario, seed);
  const lagUs = usualCadenceUs(series);
  const incidents = scenario.truth.windows.map(({ from, to }) => ({
    startUs: from,
    // The sample that shows its last moment comes so much later.
    endUs: to + lagUs,
    observableUs: null,
  }));
  return { durationUs, incidents, firstUserImpactUs: null };
}

/** The median over series; 0 without any. */
function usualCadenceUs(series: SourceHeader['series']): Micros {
  const cadences = series.flatMap(({ cadenceUs }) => cadenceUs ?? []).sort((a, b) => a - b);
  return cadences[cadences.length >> 1] ?? 0;
}

function quiet(durationUs: Micros): PlayedTruth {
  return { durationUs, incidents: [], firstUserImpactUs: null };
}

function measured(scenario: SimulatedScenario, seed: number): PlayedTruth {
  const { durationUs } = scenario;
  const { impacts, firstObservable, firstUserImpact, outcome } = measureTruth(scenario, {
    seed,
    inputs: [],
  });
  // Few users may be hit so hard that an objective breaks and no service as a whole is worse.
  const felt =
    firstUserImpact === null ? [] : [{ from: firstUserImpact, to: lastBroken(scenario, outcome) }];
  const stretches = joined(impacts.length > 0 ? impacts : felt);
  const onsetUs = firstTrouble(scenario);
  const incidents = stretches.map(({ from, to }, i): TrueIncident => {
    // The first begins with what caused it, which may be long before anybody suffers.
    const startUs = i === 0 ? Math.min(from, onsetUs ?? from) : from;
    return { startUs, endUs: to, observableUs: i === 0 ? firstObservable : null };
  });
  return { durationUs, incidents, firstUserImpactUs: firstUserImpact };
}

/** End of the last window in which more of an objective's requests were bad than it allows. */
function lastBroken({ objectives }: SimulatedScenario, outcome: Outcome): Micros {
  const ends = outcome.objectives.map(({ total, bad }, o) => {
    const allowed = 1 - (objectives[o]?.target ?? 1);
    const last = total.findLastIndex((requests, w) => (bad[w] ?? 0) > allowed * requests);
    return (last + 1) * outcome.windowUs;
  });
  return Math.max(0, ...ends);
}

interface Stretch {
  readonly from: Micros;
  readonly to: Micros;
}

function joined(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const next of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && next.from - last.to < gapUs) {
      all[all.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
    } else all.push(next);
  }
  return all;
}

/** When the first fault or surge begins; null where nothing ever does. */
function firstTrouble({
  faults,
  traffic,
}: Extract<Scenario, { kind: 'simulated' }>): Micros | null {
  const begins = [...faults, ...traffic.flatMap(({ surges }) => surges)].map(({ at }) => at);
  return begins.length === 0 ? null : Math.min(...begins);
}
