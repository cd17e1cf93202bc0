/** What an outage took from error budgets: minutes of full outage, the share of what failed over time. */
import type { Micros } from '../sdk/index.ts';
import { bucketUs } from '../store/schema.ts';
import { entryServices } from './kpis.ts';
import { reachOf } from './reach.ts';
import type { RunReader } from './reader.ts';

export interface LostBudget {
  readonly service: string;
  readonly minutes: number;
}

/** Of each service that users call, as telemetry tells it: no ground truth is read. */
export function lostBudgets(run: RunReader): LostBudget[] {
  const { untilUs } = reachOf(run);
  return entryServices(run).flatMap((id) => {
    const service = run.serviceName(id);
    const minutes = spentByHealth(run, service, untilUs);
    return minutes === null ? [] : [{ service, minutes }];
  });
}

/** By the error ratios of one service before `until`; null where none was measured. */
export function spentByHealth(run: RunReader, name: string, until: Micros): number | null {
  const service = run.services.find((candidate) => candidate.name === name);
  const shares = run.tuples<[bucket: number, share: number]>(
    `SELECT bucket, error_ratio FROM rollup_health
     WHERE service_id = ? AND error_ratio IS NOT NULL AND bucket * ${bucketUs} < ? ORDER BY bucket`,
    service?.id ?? null,
    until,
  );
  return minutesOf(shares, until);
}

const minuteUs = 60_000_000;

/** Shares of bad requests over time; null where there is none. */
export function minutesOf(
  shares: readonly (readonly [bucket: number, share: number])[],
  until: Micros,
): number | null {
  if (shares.length === 0) return null;
  let spent = 0;
  for (const [bucket, share] of shares) {
    spent += share * Math.min(bucketUs, until - bucket * bucketUs);
  }
  return spent / minuteUs;
}
