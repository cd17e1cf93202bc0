/**
 * Metrics as an agent would report them at the end of each interval: rate, errors and duration per
 * service as its own server counts them, and the saturation of what can run out. Quantiles are exact
 * over the interval. An interval without requests has no latency and no error ratio: absence is not 0.
 * A request that a crash took away is counted by nobody; a refused one counts as an error without
 * duration.
 */
import { Kind, noText } from '../../replay/batch.ts';
import type { SeriesInfo } from '../../replay/source.ts';
import type { SeriesRole } from '../../sdk/index.ts';
import { touchService } from '../services.ts';
import { touchPool } from '../pools.ts';
import type { Plan } from '../plan.ts';
import { Outcome } from '../requests.ts';
import type { World } from '../world.ts';
import { addTime, type TelemetryState, type TimeList } from './state.ts';

const perServiceSeries = 7;
const perPoolSeries = 4;

/** The series of a scenario: those of each service, then those of each pool. */
export function seriesOf(plan: Plan): SeriesInfo[] {
  const { services, telemetry } = plan.scenario;
  const cadenceUs = telemetry.metricIntervalUs;
  const series: SeriesInfo[] = [];
  const add = (
    service: number,
    name: string,
    unit: string,
    role: SeriesRole | null,
    attributes: Readonly<Record<string, string>> = {},
  ): number => series.push({ service, name, unit, attributes, role, cadenceUs });
  services.forEach((service, s) => {
    const server = serverNames[service.kind] ?? 'http.server.request';
    add(s, `${server}.rate`, '{request}/s', 'request_rate');
    add(s, `${server}.error_ratio`, '1', 'error_ratio');
    add(s, `${server}.duration`, 's', 'latency_p50', { quantile: '0.5' });
    add(s, `${server}.duration`, 's', 'latency_p95', { quantile: '0.95' });
    add(s, `${server}.duration`, 's', 'latency_p99', { quantile: '0.99' });
    add(s, 'worker.utilization', '1', 'saturation');
    add(s, 'worker.queue.length', '{request}', null);
  });
  plan.poolService.forEach((s, p) => {
    const name = services[s]?.pools[p - (plan.poolBase[s] as number)]?.name ?? '';
    const attributes = { 'db.client.connection.pool.name': name };
    add(s, 'db.client.connection.utilization', '1', 'saturation', attributes);
    add(s, 'db.client.connection.pending_requests', '{request}', null, attributes);
    add(s, 'db.client.connection.timeouts', '{timeout}', null, attributes);
    add(s, 'db.client.connection.wait_time', 's', null, { ...attributes, quantile: '0.99' });
  });
  return series;
}

/** What the server of a kind of service calls its requests. */
const serverNames: Readonly<Record<string, string>> = {
  database: 'db.server.operation',
  cache: 'cache.server.operation',
  queue: 'messaging.server.operation',
};

export function countEnded(
  { telemetry, clock, requests }: World,
  service: number,
  r: number,
  outcome: number,
): void {
  if (!telemetry || outcome === Outcome.reset) return;
  telemetry.answered[service] = (telemetry.answered[service] as number) + 1;
  if (outcome !== Outcome.ok) telemetry.errors[service] = (telemetry.errors[service] as number) + 1;
  const list = telemetry.durations[service];
  if (list) addTime(list, (clock[0] as number) - (requests.arrivedAt[r] as number));
}

export function countRefused({ telemetry }: World, service: number): void {
  if (!telemetry) return;
  telemetry.answered[service] = (telemetry.answered[service] as number) + 1;
  telemetry.errors[service] = (telemetry.errors[service] as number) + 1;
}

/** A wait for a connection ended, with one or with a timeout. */
export function countLease(
  { telemetry }: World,
  pool: number,
  waitUs: number,
  timedOut: boolean,
): void {
  const list = telemetry?.poolWaits[pool];
  if (!telemetry || !list) return;
  addTime(list, waitUs);
  if (timedOut) telemetry.poolTimeouts[pool] = (telemetry.poolTimeouts[pool] as number) + 1;
}

/** Ends an interval now: one point for each series that has something to say. */
export function endInterval(plan: Plan, world: World, intervalUs: number): void {
  const { telemetry } = world;
  if (!telemetry) return;
  for (let s = 0; s < plan.serviceCount; s++) {
    endServiceInterval(world, telemetry, { s, intervalUs });
  }
  plan.poolService.forEach((s, p) => {
    const first = plan.serviceCount * perServiceSeries + p * perPoolSeries;
    endPoolInterval({ plan, world, telemetry, pool: p, service: s, first, intervalUs });
  });
  telemetry.answered.fill(0);
  telemetry.errors.fill(0);
  telemetry.poolTimeouts.fill(0);
}

function endServiceInterval(
  world: World,
  telemetry: TelemetryState,
  { s, intervalUs }: { readonly s: number; readonly intervalUs: number },
): void {
  const first = s * perServiceSeries;
  const point = pointsAt(world, telemetry);
  const answered = telemetry.answered[s] as number;
  point(first, (answered * 1e6) / intervalUs);
  if (answered > 0) point(first + 1, (telemetry.errors[s] as number) / answered);
  const list = telemetry.durations[s];
  if (list && list.length > 0) {
    const sorted = takeSorted(list);
    point(first + 2, quantile(sorted, 0.5) / 1e6);
    point(first + 3, quantile(sorted, 0.95) / 1e6);
    point(first + 4, quantile(sorted, 0.99) / 1e6);
  }
  touchService(world, s);
  const { busyIntegral, queuedIntegral, upIntegral, workers } = world.services;
  const busy = elapsed(busyIntegral, telemetry.busyBefore, s);
  const queued = elapsed(queuedIntegral, telemetry.queuedBefore, s);
  const up = elapsed(upIntegral, telemetry.capacityBefore, s);
  if (up > 0) point(first + 5, busy / (up * (workers[s] as number)));
  point(first + 6, queued / intervalUs);
}

function endPoolInterval(of: {
  readonly plan: Plan;
  readonly world: World;
  readonly telemetry: TelemetryState;
  readonly pool: number;
  readonly service: number;
  readonly first: number;
  readonly intervalUs: number;
}): void {
  const { plan, world, telemetry, pool, first } = of;
  const { pools } = world;
  const point = pointsAt(world, telemetry);
  const from = plan.poolPartBase[pool] as number;
  const to = plan.poolPartBase[pool + 1] as number;
  touchPool(world, pool);
  const used = elapsed(pools.usedIntegral, telemetry.poolUsedBefore, pool);
  point(first, used / ((pools.size[pool] as number) * (to - from) * of.intervalUs));
  point(
    first + 1,
    pools.partWaiting.subarray(from, to).reduce((sum, n) => sum + n, 0),
  );
  point(first + 2, telemetry.poolTimeouts[pool] as number);
  const list = telemetry.poolWaits[pool];
  if (list && list.length > 0) point(first + 3, quantile(takeSorted(list), 0.99) / 1e6);
}

function pointsAt(
  { clock }: World,
  { pending }: TelemetryState,
): (series: number, value: number) => void {
  const t = clock[0] as number;
  return (subject, value) =>
    pending.push({ ...noText, kind: Kind.metric, t, subject, severity: 0, value });
}

/** What an integral gained since the interval began; begins the next. */
function elapsed(integral: Float64Array, before: Float64Array, i: number): number {
  const now = integral[i] as number;
  const gained = now - (before[i] as number);
  before[i] = now;
  return gained;
}

/** The values in ascending order; empties the list, whose memory they are in. */
function takeSorted(list: TimeList): Float64Array {
  const sorted = list.values.subarray(0, list.length).sort();
  list.length = 0;
  return sorted;
}

/** Nearest rank: the least value that at least this share is not above. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}
