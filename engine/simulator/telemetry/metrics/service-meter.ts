/**
 * A service as its dashboards show it: rate, errors and duration as its own servers count them, and what
 * can run out. A request that a crash took away is counted by nobody; one that was turned away counts as
 * an error without duration.
 */
import { quantiles } from '../histogram.ts';
import type { Plan } from '../../plan.ts';
import { touchService } from '../../services.ts';
import type { World } from '../../world.ts';
import { gained, serverName, seriesOfService, type Meter } from './meter.ts';

export function serviceMeter(plan: Plan, s: number): Meter {
  const service = plan.scenario.services[s];
  const server = serverName(service?.kind);
  const duration = `${server}.duration`;
  const from = plan.endpointBase[s] as number;
  const to = plan.endpointBase[s + 1] as number;
  const rows = Array.from({ length: to - from }, (_, k) => from + k);
  const cores = plan.cores[s] as number;
  return {
    series: seriesOfService(plan, s, [
      { name: `${server}.rate`, unit: '{request}/s', role: 'request_rate' },
      { name: `${server}.error_ratio`, unit: '1', role: 'error_ratio' },
      { name: duration, unit: 's', role: 'latency_p50', attributes: { quantile: '0.5' } },
      { name: duration, unit: 's', role: 'latency_p95', attributes: { quantile: '0.95' } },
      { name: duration, unit: 's', role: 'latency_p99', attributes: { quantile: '0.99' } },
      { name: 'worker.utilization', unit: '1', role: 'saturation' },
      { name: 'worker.queue.length', unit: '{request}' },
      { name: 'service.instances.ready', unit: '{instance}' },
      ...(cores > 0
        ? [{ name: 'process.cpu.utilization', unit: '1', role: 'saturation' as const }]
        : []),
    ]),
    read({ world, telemetry, tallies, intervalUs }, put) {
      let answered = 0;
      let errors = 0;
      for (const e of rows) {
        answered += tallies.endpointAnswered[e] as number;
        errors += tallies.endpointErrors[e] as number;
      }
      put(0, (answered * 1e6) / intervalUs);
      if (answered > 0) put(1, errors / answered);
      quantiles(telemetry.durations, rows, [0.5, 0.95, 0.99]).forEach((us, q) => {
        put(2 + q, us / 1e6);
      });
      touchService(world, s);
      const { services } = world;
      const { before } = telemetry;
      const up = gained(services.upIntegral, before.up, s);
      const busy = gained(services.busyIntegral, before.busy, s);
      const queued = gained(services.queuedIntegral, before.queued, s);
      const worked = workedUs(plan, world, s);
      const used = worked - (before.cores[s] as number);
      before.cores[s] = worked;
      if (up > 0) put(5, busy / (up * (services.workers[s] as number)));
      put(6, queued / intervalUs);
      put(7, services.instancesUp[s] as number);
      if (cores > 0 && up > 0) put(8, Math.min(1, used / (up * cores)));
    },
  };
}

/** Time that the cores of all instances have worked; what others on their hosts took is not theirs. */
function workedUs({ instanceBase }: Plan, { machines }: World, s: number): number {
  let us = 0;
  for (let i = instanceBase[s] as number; i < (instanceBase[s + 1] as number); i++) {
    us += machines.workUs[i] as number;
  }
  return us;
}
