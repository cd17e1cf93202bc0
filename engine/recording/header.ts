/** Numbers the services and series of a recording and finds out which series plays which role. */
import type { RecordedScenario } from '../scenario/model.ts';
import type { SeriesInfo, ServiceInfo, SourceHeader } from '../replay/source.ts';
import type { Staging, StagedSeries } from './staging.ts';

export interface Numbering {
  readonly services: readonly ServiceInfo[];
  /** Staged index → index in the header. */
  readonly serviceOf: readonly number[];
  /** Staged index → index in the header, or -1 for a series that is left out. */
  readonly seriesOf: readonly number[];
  /** In the order of the header. */
  readonly series: readonly StagedSeries[];
  /** Series that are 0 throughout, where the format writes 0 for "not measured". */
  readonly dead: readonly StagedSeries[];
}

/** The scenario's services first, then the others by name: the order of the files has no say. */
export function numberRecording(scenario: RecordedScenario, staging: Staging): Numbering {
  const byName = (a: string, b: string) => (a < b ? -1 : 1);
  const named = new Set([
    ...scenario.services.map((service) => service.name),
    ...scenario.dependencies.flatMap(({ caller, callee }) => [caller, callee]),
  ]);
  const found = staging.services.filter((name) => !named.has(name)).sort(byName);
  const indexes = new Map([...named, ...found].map((name, i) => [name, i]));
  const known = new Map(scenario.services.map((service) => [service.name, service]));
  const services = [...indexes.keys()].map(
    (name) => known.get(name) ?? { name, kind: 'service', entry: false },
  );
  const serviceIndex = (name: string) => indexes.get(name) ?? 0;

  const alive = staging.series.filter((series) => series.alive || !series.zeroIsDead);
  const series = alive.sort(
    (a, b) =>
      serviceIndex(a.service) - serviceIndex(b.service) ||
      (a.name === b.name ? byName(labels(a), labels(b)) : byName(a.name, b.name)),
  );
  const seriesIndexes = new Map(series.map((one, i) => [one, i]));
  return {
    services,
    serviceOf: staging.services.map(serviceIndex),
    seriesOf: staging.series.map((one) => seriesIndexes.get(one) ?? -1),
    series,
    dead: staging.series.filter((one) => !seriesIndexes.has(one)),
  };
}

function labels(series: StagedSeries): string {
  return JSON.stringify(Object.entries(series.attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Series as the run sees them: of several candidates for a role of a service only the best keeps it. */
export function seriesInfos(
  { series, services }: Numbering,
  cadenceUs: (index: number) => number,
): readonly SeriesInfo[] {
  const best = new Map<string, StagedSeries>();
  for (const one of series) {
    if (one.role === null) continue;
    const key = `${one.role}\0${one.service}`;
    const rival = best.get(key);
    // Of equals the longer one, then the first: the order is that of the names.
    const wins =
      !rival || one.rank < rival.rank || (one.rank === rival.rank && one.points > rival.points);
    if (wins) best.set(key, one);
  }
  const indexes = new Map(services.map((service, i) => [service.name, i]));
  return series.map((one, i) => ({
    service: indexes.get(one.service) ?? 0,
    name: one.name,
    unit: one.unit,
    attributes: one.attributes,
    role: best.get(`${one.role}\0${one.service}`) === one ? one.role : null,
    cadenceUs: cadenceUs(i),
    monotonic: false,
  }));
}

export function dependenciesOf(
  scenario: RecordedScenario,
  services: readonly ServiceInfo[],
): SourceHeader['dependencies'] {
  const indexes = new Map(services.map((service, i) => [service.name, i]));
  return scenario.dependencies.map(({ caller, callee }) => ({
    caller: indexes.get(caller) ?? 0,
    callee: indexes.get(callee) ?? 0,
    kind: 'call',
  }));
}
