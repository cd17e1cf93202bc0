/** What callers know: how each callee does in their eyes, their pools, and what they remember. */
import { Breaker } from '../../links.ts';
import type { Plan } from '../../plan.ts';
import { touchPool } from '../../pools.ts';
import { quantiles } from '../histogram.ts';
import { gained, seriesOfService, type Meter } from './meter.ts';

/** A caller and a callee, and the calls between them; `edge` numbers the pairs. */
export interface EdgePlan {
  readonly caller: number;
  readonly callee: number;
  readonly calls: readonly number[];
}

export function edgeMeter(plan: Plan, { caller, callee, calls }: EdgePlan, edge: number): Meter {
  const attributes = { 'server.address': plan.scenario.services[callee]?.name ?? '' };
  const breakers = calls.filter((c) => (plan.calls[c]?.breaker ?? null) !== null);
  return {
    series: seriesOfService(plan, caller, [
      { name: 'http.client.request.rate', unit: '{request}/s', attributes },
      { name: 'http.client.request.error_ratio', unit: '1', attributes },
      {
        name: 'http.client.request.duration',
        unit: 's',
        attributes: { ...attributes, quantile: '0.95' },
      },
      { name: 'http.client.retry.ratio', unit: '1', attributes },
      ...(breakers.length > 0
        ? [{ name: 'http.client.circuit_breaker.open', unit: '1', attributes }]
        : []),
    ]),
    read({ world, telemetry, tallies, intervalUs }, put) {
      const attempts = tallies.edgeAttempts[edge] as number;
      if (attempts > 0) {
        put(0, (attempts * 1e6) / intervalUs);
        put(1, (tallies.edgeErrors[edge] as number) / attempts);
        put(3, (tallies.edgeRetries[edge] as number) / attempts);
      }
      const row = telemetry.rows.edge + edge;
      for (const us of quantiles(telemetry.durations, [row], [0.95])) put(2, us / 1e6);
      if (breakers.length === 0) return;
      let links = 0;
      let open = 0;
      for (const c of breakers) {
        const first = plan.linkBase[c] as number;
        // Instances that do not run have closed breakers: those at the start are the yardstick.
        const count = plan.scenario.services[caller]?.instances ?? 1;
        for (let link = first; link < first + count; link++) {
          links++;
          if (world.links.breaker[link] !== Breaker.closed) open++;
        }
      }
      put(4, open / links);
    },
  };
}

export function poolMeter(plan: Plan, p: number): Meter {
  const s = plan.poolService[p] as number;
  const pool = plan.scenario.services[s]?.pools[p - (plan.poolBase[s] as number)];
  const attributes = { 'db.client.connection.pool.name': pool?.name ?? '' };
  const from = plan.poolPartBase[p] as number;
  const to = plan.poolPartBase[p + 1] as number;
  const name = 'db.client.connection';
  return {
    series: seriesOfService(plan, s, [
      { name: `${name}.utilization`, unit: '1', role: 'saturation', attributes },
      { name: `${name}.pending_requests`, unit: '{request}', attributes },
      { name: `${name}.timeouts`, unit: '{timeout}', attributes },
      { name: `${name}.wait_time`, unit: 's', attributes: { ...attributes, quantile: '0.99' } },
      { name: `${name}.max`, unit: '{connection}', attributes },
    ]),
    read({ world, telemetry, tallies, intervalUs }, put) {
      const { pools, services } = world;
      touchPool(world, p);
      const used = gained(pools.usedIntegral, telemetry.before.poolUsed, p);
      const size = pools.size[p] as number;
      const up = services.instancesUp[s] as number;
      if (up > 0) put(0, Math.min(1, used / (size * up * intervalUs)));
      let waiting = 0;
      for (let part = from; part < to; part++) waiting += pools.partWaiting[part] as number;
      put(1, waiting);
      put(2, tallies.poolTimeouts[p] as number);
      for (const us of quantiles(telemetry.durations, [telemetry.rows.pool + p], [0.99])) {
        put(3, us / 1e6);
      }
      put(4, size);
    },
  };
}

export function cacheMeter(plan: Plan, c: number): Meter {
  const attributes = { 'cache.name': plan.caches[c]?.name ?? '' };
  return {
    series: seriesOfService(plan, plan.cacheService[c] as number, [
      { name: 'cache.hit_ratio', unit: '1', attributes },
      { name: 'cache.miss.rate', unit: '{request}/s', attributes },
    ]),
    read({ world, telemetry, intervalUs }, put) {
      const hits = gained(world.caches.hits, telemetry.before.hits, c);
      const misses = gained(world.caches.misses, telemetry.before.misses, c);
      if (hits + misses > 0) put(0, hits / (hits + misses));
      put(1, (misses * 1e6) / intervalUs);
    },
  };
}
