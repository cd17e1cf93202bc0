/**
 * Metrics as agents report them at the end of each interval, in OpenTelemetry's names and units where it
 * has some. `metersOf` lists all there is; who wants another metric adds a meter.
 */
import { Kind, noText } from '../../../replay/batch.ts';
import { uniform } from '../../../replay/random.ts';
import type { SeriesInfo } from '../../../replay/source.ts';
import type { Plan } from '../../plan.ts';
import type { World } from '../../world.ts';
import { clearHistograms } from '../histogram.ts';
import { clearTallies, type PendingRecord } from '../state.ts';
import { endpointMeter, versionMeter } from './breakdown-meters.ts';
import { cacheMeter, edgeMeter, poolMeter } from './client-meters.ts';
import { instanceMeter } from './instance-meter.ts';
import type { Meter } from './meter.ts';
import { serviceMeter } from './service-meter.ts';
import { cursorMeter, databaseMeter, lockMeter, probeMeter, walMeter } from './store-meters.ts';
import { edgesOf, versionsOf } from './dimensions.ts';

export interface Metrics {
  readonly series: readonly SeriesInfo[];
  /** Ends an interval now: one point for each series that has something to say. */
  readonly endInterval: (world: World) => void;
}

export function makeMetrics(plan: Plan): Metrics {
  const meters = metersOf(plan);
  const { metricIntervalUs: intervalUs, metricLagUs } = plan.scenario.telemetry;
  const series = meters.flatMap((meter) => meter.series);
  return {
    series,
    endInterval(world) {
      const { telemetry, clock } = world;
      if (!telemetry) return;
      const { tallies } = telemetry;
      const t = (clock[0] as number) + metricLagUs;
      const list = metricLagUs > 0 ? telemetry.late : telemetry.pending;
      const reading = { plan, world, telemetry, tallies, intervalUs };
      const missing = missed(plan, world);
      let first = 0;
      for (const meter of meters) {
        const base = first;
        first += meter.series.length;
        meter.read(reading, (k, value) => {
          if (!missing[series[base + k]?.service ?? 0]) list.push(point(t, base + k, value));
        });
      }
      clearHistograms(telemetry.durations);
      clearTallies(tallies);
    },
  };
}

export function seriesOf(plan: Plan): readonly SeriesInfo[] {
  return metersOf(plan).flatMap((meter) => meter.series);
}

function metersOf(plan: Plan): Meter[] {
  const { scenario } = plan;
  const services = [...scenario.services.keys()];
  const several = (s: number): boolean =>
    (plan.endpointBase[s + 1] as number) - (plan.endpointBase[s] as number) > 1;
  const publicEndpoints = plan.endpointBase[plan.serviceCount] as number;
  return [
    ...services.map((s) => serviceMeter(plan, s)),
    ...[...plan.poolService.keys()].map((p) => poolMeter(plan, p)),
    ...[...plan.endpointService.keys()]
      .filter((e) => e < publicEndpoints && several(plan.endpointService[e] as number))
      .map((e) => endpointMeter(plan, e)),
    ...versionsOf(plan).map(({ service, version }, v) =>
      versionMeter(plan, service, plan.versions[version] ?? '', v),
    ),
    ...[...plan.instanceService.keys()].map((i) => instanceMeter(plan, i)),
    ...edgesOf(plan).map((edge, k) => edgeMeter(plan, edge, k)),
    ...plan.caches.map((_, c) => cacheMeter(plan, c)),
    ...plan.cursors.map((_, c) => cursorMeter(plan, c)),
    ...plan.lockTables.map((_, lock) => lockMeter(plan, lock)),
    ...services.map((s) => databaseMeter(plan, s)).filter((meter) => meter !== null),
    ...services.map((s) => walMeter(plan, s)).filter((meter) => meter !== null),
    ...scenario.traffic.flatMap(({ kind }, k) => (kind === 'probe' ? [probeMeter(plan, k)] : [])),
  ];
}

/** Services whose agent could not report this time. */
function missed(plan: Plan, { services, streams }: World): boolean[] {
  return Array.from(
    services.metricsLost,
    (share, s) => share > 0 && uniform(streams, plan.streams.noise + s) < share,
  );
}

function point(t: number, subject: number, value: number): PendingRecord {
  return { ...noText, kind: Kind.metric, t, subject, severity: 0, value };
}
