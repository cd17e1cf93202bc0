/** Hands what requests do to logs, metrics and spans: one truth, three views. */
import type { ActionInput } from '../../scenario/model.ts';
import type { Plan } from '../plan.ts';
import { Keep, Outcome } from '../requests.ts';
import type { Probe } from '../simulation.ts';
import type { World } from '../world.ts';
import { makeCounts, type Counts } from './counts.ts';
import { makeEventLogs } from './events.ts';
import { endWindows } from './limiter.ts';
import { makeLogWriter } from './log-writer.ts';
import { RequestLogs } from './logs.ts';
import { makeMetrics, type Metrics } from './metrics/index.ts';
import { makeNames } from './names.ts';
import { makeNoise } from './noise.ts';
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

export interface ProbeOptions {
  readonly seed: number;
  readonly inputs: readonly ActionInput[];
  /** Neither logs nor spans: for those who only measure. */
  readonly metricsOnly: boolean;
}

export function makeProbe(plan: Plan, options: ProbeOptions): TelemetryProbe {
  const counts = makeCounts(plan);
  const metrics = makeMetrics(plan);
  const counting = makeCountingProbe(plan, counts, metrics);
  return options.metricsOnly ? counting : makeFullProbe(plan, options, counting);
}

function makeCountingProbe(plan: Plan, counts: Counts, metrics: Metrics): TelemetryProbe {
  const nothing = (): void => undefined;
  return {
    admitted: nothing,
    ended(world, r, outcome) {
      // A process that died wrote nothing more and reported nothing.
      if (outcome !== Outcome.reset) counts.ended(world, r, outcome);
    },
    turnedAway: counts.turnedAway,
    leased(world, r, part) {
      const waitUs = (world.clock[0] as number) - (world.requests.attemptAt[r] as number);
      counts.leased(world, plan.poolPartPool[part] as number, waitUs, false);
    },
    attempted(world, r, outcome, pauseUs) {
      if (outcome === Outcome.poolTimeout) {
        const pool = plan.callPool[world.requests.call[r] as number] as number;
        counts.leased(world, pool, world.pools.timeoutUs[pool] as number, true);
      }
      counts.attempted(world, r, outcome, pauseUs >= 0);
    },
    delivered: nothing,
    userDone: counts.userDone,
    happened(world, event) {
      if (event.kind === 'up' || event.kind === 'renewed') counts.began(world, event.instance);
    },
    changed: nothing,
    noise: nothing,
    endWindows: nothing,
    endInterval: metrics.endInterval,
  };
}

function makeFullProbe(
  plan: Plan,
  { seed, inputs }: ProbeOptions,
  counting: TelemetryProbe,
): TelemetryProbe {
  const names = makeNames(plan);
  const ids = makeTraceIds(plan, seed);
  const log = makeLogWriter(plan, names);
  const requestLogs = new RequestLogs({ plan, names, ids, log });
  const eventLogs = makeEventLogs({ plan, names, ids, log, inputs });
  const spans = makeSpanWriter(plan, names, ids);
  const keepsSpans = ({ requests }: World, r: number): boolean =>
    ((requests.keep[r] as number) & Keep.spans) !== 0;
  return {
    ...counting,
    admitted: ids.begin,
    ended(world, r, outcome) {
      counting.ended(world, r, outcome);
      if (outcome === Outcome.reset) return;
      requestLogs.ended(world, r, outcome);
      if (keepsSpans(world, r)) spans.server(world, r, outcome);
    },
    turnedAway(world, endpoint, instance, user, outcome) {
      counting.turnedAway(world, endpoint, instance, user, outcome);
      requestLogs.turnedAway(world, endpoint, instance, user, outcome);
    },
    leased(world, r, part) {
      counting.leased(world, r, part);
      const waitUs = (world.clock[0] as number) - (world.requests.attemptAt[r] as number);
      if (waitUs >= slowLeaseUs) requestLogs.leasedLate(world, r, part);
    },
    attempted(world, r, outcome, pauseUs) {
      counting.attempted(world, r, outcome, pauseUs);
      const { optional = false } = plan.calls[world.requests.call[r] as number] ?? {};
      if (pauseUs >= 0) requestLogs.retrying(world, r, outcome, pauseUs);
      else if (optional && outcome !== Outcome.ok) requestLogs.goneWithout(world, r, outcome);
      if (keepsSpans(world, r)) spans.client(world, r, outcome);
    },
    delivered: ids.beginMessage,
    happened(world, event) {
      counting.happened(world, event);
      eventLogs.happened(world, event);
    },
    changed: eventLogs.changed,
    noise: makeNoise(plan, names, log),
    endWindows(world) {
      endWindows(plan, world, (instance, template, count) =>
        eventLogs.suppressed(world, instance, template, count),
      );
    },
  };
}
