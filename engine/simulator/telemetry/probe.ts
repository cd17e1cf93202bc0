/** Hands what requests do to logs, metrics and spans: one truth, three views. */
import type { ActionInput } from '../../scenario/model.ts';
import type { Plan } from '../plan.ts';
import { Keep, Outcome } from '../requests.ts';
import type { Probe } from '../simulation.ts';
import type { World } from '../world.ts';
import { makeEventLogs } from './events.ts';
import { endWindows } from './limiter.ts';
import { makeLogWriter } from './log-writer.ts';
import { RequestLogs } from './logs.ts';
import { makeCounts } from './counts.ts';
import { makeNoise } from './noise.ts';
import { makeMetrics } from './metrics/index.ts';
import { makeNames } from './names.ts';
import { makeSpanWriter } from './spans.ts';
import { makeTraceIds } from './trace.ts';

/** A wait for a connection that gets a warning, µs. */
const slowLeaseUs = 1_000_000;

export interface TelemetryProbe extends Probe {
  /** Ends the windows of the loggers' limits that end now. */
  endWindows(world: World): void;
  /** Ends an interval of metrics now. */
  endInterval(world: World): void;
}

export function makeProbe(
  plan: Plan,
  { seed, inputs }: { readonly seed: number; readonly inputs: readonly ActionInput[] },
): TelemetryProbe {
  const names = makeNames(plan);
  const ids = makeTraceIds(plan, seed);
  const log = makeLogWriter(plan, names);
  const requestLogs = new RequestLogs({ plan, names, ids, log });
  const eventLogs = makeEventLogs({ plan, names, ids, log, inputs });
  const noise = makeNoise(plan, names, log);
  const spans = makeSpanWriter(plan, names, ids);
  const counts = makeCounts(plan);
  const metrics = makeMetrics(plan);
  const keepsSpans = ({ requests }: World, r: number): boolean =>
    ((requests.keep[r] as number) & Keep.spans) !== 0;
  return {
    admitted: ids.begin,
    ended(world, r, outcome) {
      // A process that died wrote nothing more and reported nothing.
      if (outcome === Outcome.reset) return;
      counts.ended(world, r, outcome);
      requestLogs.ended(world, r, outcome);
      if (keepsSpans(world, r)) spans.server(world, r, outcome);
    },
    turnedAway(world, endpoint, instance, user, outcome) {
      counts.turnedAway(world, endpoint, instance);
      requestLogs.turnedAway(world, endpoint, instance, user, outcome);
    },
    leased(world, r, part) {
      const waitUs = (world.clock[0] as number) - (world.requests.attemptAt[r] as number);
      counts.leased(world, plan.poolPartPool[part] as number, waitUs, false);
      if (waitUs >= slowLeaseUs) requestLogs.leasedLate(world, r, part);
    },
    attempted(world, r, outcome, pauseUs) {
      if (outcome === Outcome.poolTimeout) {
        const pool = plan.callPool[world.requests.call[r] as number] as number;
        counts.leased(world, pool, world.pools.timeoutUs[pool] as number, true);
      }
      counts.attempted(world, r, outcome, pauseUs >= 0);
      if (pauseUs >= 0) requestLogs.retrying(world, r, outcome, pauseUs);
      else if (outcome !== Outcome.ok && plan.calls[world.requests.call[r] as number]?.optional) {
        requestLogs.goneWithout(world, r, outcome);
      }
      if (keepsSpans(world, r)) spans.client(world, r, outcome);
    },
    delivered: ids.beginMessage,
    userDone: counts.userDone,
    happened(world, event) {
      if (event.kind === 'up' || event.kind === 'renewed') counts.began(world, event.instance);
      eventLogs.happened(world, event);
    },
    changed: eventLogs.changed,
    noise,
    endInterval: metrics.endInterval,
    endWindows(world) {
      endWindows(plan, world, (instance, template, count) =>
        eventLogs.suppressed(world, instance, template, count),
      );
    },
  };
}
