/** What an outage looks like when it is the one it claims to be: the row of its archetype, as checks. */
import type { Clue, MetricExpectation } from '../../engine/scenario/model.ts';
import type { Micros } from '../../engine/sdk/index.ts';

export type Signature = readonly Clue[];

/** µs. */
export const minute = 60_000_000;

/** How far the mean of a series is from what it was, or from a number, in a stretch of time. */
export function meanBetween(from: Micros, to: Micros) {
  return (
    service: string,
    name: string,
    attributes: Readonly<Record<string, string>>,
    expect: MetricExpectation,
  ) => ({
    ...{ stream: 'metric' as const, service, name, attributes, expect },
    ...{ statistic: 'mean' as const, from, to },
  });
}
