/** What states are kept for: series, services, edges or the run, as the source's header lists them. */
import type { DependencyInfo, SourceHeader, StreamIntervals } from '../replay/source.ts';
import type {
  InitContext,
  Interval,
  Micros,
  Objective,
  Per,
  Series,
  Subject,
  Topology,
} from '../sdk/index.ts';
import type { HookName } from './contract.ts';

/** A subject with the indexes that findings and routing need. */
export interface IndexedSubject {
  readonly subject: Subject;
  /** Index into the header's services; null for the run. */
  readonly service: number | null;
  /** Index into the header's services; null unless `per: 'edge'`. */
  readonly caller: number | null;
  readonly series: number | null;
  readonly cadenceUs: Micros;
}

export function subjectsOf(
  per: Per,
  header: SourceHeader,
  allSeries: readonly Series[],
): IndexedSubject[] {
  const named = (index: number): string => header.services[index]?.name ?? '';
  const plain = { series: null, caller: null };
  switch (per) {
    case 'run':
      return [
        {
          subject: freeze({ key: 'run', service: '', ...plain }),
          service: null,
          ...plain,
          cadenceUs: 0,
        },
      ];
    case 'service':
      return header.services.map(({ name }, service) => ({
        subject: freeze({ key: name, service: name, ...plain }),
        service,
        ...plain,
        cadenceUs: 0,
      }));
    case 'edge':
      return header.dependencies.filter(carriesRequests).map(({ caller, callee }) => ({
        subject: freeze({
          key: `${named(caller)}>${named(callee)}`,
          service: named(callee),
          series: null,
          caller: named(caller),
        }),
        service: callee,
        caller,
        series: null,
        cadenceUs: 0,
      }));
    case 'series':
      return allSeries.map((series) => ({
        subject: freeze({
          key: seriesKey(series),
          service: series.service,
          series,
          caller: null,
        }),
        service: header.series[series.id]?.service ?? null,
        caller: null,
        series: series.id,
        cadenceUs: series.cadenceUs,
      }));
    default:
      return per satisfies never;
  }
}

/** Messages and copies are fetched when they are there: nobody waits for an answer. */
function carriesRequests({ kind }: DependencyInfo): boolean {
  return kind === 'call' || kind === 'cache';
}

/** `service/metric{a=1,b=2}`, attributes in code-unit order. */
export function seriesKey(series: Pick<Series, 'service' | 'name' | 'attributes'>): string {
  const attributes = Object.entries(series.attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  return `${series.service}/${series.name}${attributes.length > 0 ? `{${attributes.join(',')}}` : ''}`;
}

/** The header's series as detectors see them; frozen, for all of them share one. */
export function seriesOf(header: SourceHeader): Series[] {
  return header.series.map((info, id) =>
    freeze({ ...info, id, service: header.services[info.service]?.name ?? '' }),
  );
}

export function topologyOf(header: SourceHeader): Topology {
  const names = header.services.map((service) => service.name);
  return freeze({
    services: names,
    entries: header.services.filter((service) => service.entry).map((service) => service.name),
    dependencies: header.dependencies.map(({ caller, callee, kind }) => ({
      caller: names[caller] ?? '',
      callee: names[callee] ?? '',
      kind,
    })),
  });
}

/** What was promised of the subject's service; of all of them for the run. */
export function objectivesOf(
  { subject, service }: IndexedSubject,
  header: SourceHeader,
): readonly Objective[] {
  const own = header.objectives.filter((one) => service === null || one.service === service);
  const named = (index: number): string => header.services[index]?.name ?? subject.service;
  return freeze(own.map((one) => ({ ...one, service: named(one.service) })));
}

/** When what feeds the subject was recorded; the whole run where nothing else is said. */
export function intervalsOf(
  subject: IndexedSubject,
  hooks: readonly HookName[],
  header: SourceHeader,
): readonly Interval[] {
  const streams = (['log', 'metric', 'span'] as const).filter((stream) => hooks.includes(stream));
  const own = (entry: StreamIntervals): boolean =>
    streams.some((stream) => stream === entry.stream) &&
    (subject.service === null || entry.service === subject.service);
  const ours = header.intervals.filter(own);
  const shared = header.intervals.filter(
    (entry) => entry.service === null && streams.some((stream) => stream === entry.stream),
  );
  const stated = ours.length > 0 ? ours : shared;
  if (stated.length === 0) return freeze([{ from: 0, to: header.durationUs }]);
  return freeze(union(stated.flatMap((entry) => entry.intervals)));
}

/** When each stream of the subject was recorded. */
export function recordedOf(
  subject: IndexedSubject,
  header: SourceHeader,
): InitContext<unknown>['recorded'] {
  return freeze({
    log: intervalsOf(subject, ['log'], header),
    metric: intervalsOf(subject, ['metric'], header),
    span: intervalsOf(subject, ['span'], header),
  });
}

function union(intervals: readonly Interval[]): Interval[] {
  const merged: { from: Micros; to: Micros }[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** Freezes plain data through and through. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}
