/**
 * A statistic of the points of a series in a window, against a number or against the baseline: the
 * mean of the same series from the beginning to the first fault. Attributes name the series that has these
 * and no others (the service's, not those of its instances); where there is none, all that have these
 * among others, their points taken together.
 */
import { valueText } from '../../wording.ts';
import type { SeriesInfo } from '../../replay/source.ts';
import type { Check, MetricExpectation } from '../../scenario/model.ts';
import type { Micros } from '../../sdk/index.ts';
import {
  evidenceOf,
  isWithin,
  serviceIndex,
  windowText,
  type CheckContext,
  type CheckProbe,
  type CheckResult,
} from './check.ts';

export type MetricCheck = Extract<Check, { readonly stream: 'metric' }>;

interface Tally {
  count: number;
  sum: number;
  min: number;
  max: number;
}

export function metricProbe(check: MetricCheck, context: CheckContext): CheckProbe {
  const selected = selectedSeries(check, context);
  const baselineTo = context.firstFaultAt ?? check.from;
  const during = emptyTally();
  const before = emptyTally();
  return {
    observer: {
      metric(t: Micros, series: number, value: number) {
        if (!selected.has(series)) return;
        if (t < baselineTo) add(before, value);
        if (isWithin(check, t)) add(during, value);
      },
    },
    result: () => judge(check, [...selected.values()], { during, before }),
  };
}

function selectedSeries(check: MetricCheck, context: CheckContext): Map<number, SeriesInfo> {
  const service = serviceIndex(context, check.service);
  const wanted = Object.entries(check.attributes);
  const matching = [...context.header.series.entries()].filter(
    ([, series]) =>
      series.service === service &&
      series.name === check.name &&
      wanted.every(([key, value]) => series.attributes[key] === value),
  );
  const exact = matching.filter(
    ([, { attributes }]) => Object.keys(attributes).length === wanted.length,
  );
  return new Map(exact.length > 0 ? exact : matching);
}

function judge(
  check: MetricCheck,
  series: readonly SeriesInfo[],
  { during, before }: { readonly during: Tally; readonly before: Tally },
): CheckResult {
  const [first] = series;
  const name = `${check.service} ${check.name}${attributesText(check.attributes)}`;
  const base = {
    stream: check.stream,
    records: during.count,
    evidence: evidenceOf(check, check.name + attributesText(check.attributes)),
  };
  const fails = (why: string): CheckResult => ({
    ...base,
    pass: false,
    value: null,
    says: `${name}: ${why}`,
  });
  if (!first) return fails('there is no such series');
  if (during.count === 0) return fails(`no point in ${windowText(check)}`);
  if (before.count === 0 && !('value' in check.expect)) {
    return fails('no point before the first fault to compare with');
  }
  const value = statisticOf(during, check.statistic);
  const { pass, wanted } = compare(check.expect, value, before.sum / before.count, first);
  const says = `${name}: ${check.statistic} ${valueText(first, value)} in ${windowText(check)}, expected ${wanted}`;
  return { ...base, pass, value, says };
}

function compare(
  expect: MetricExpectation,
  value: number,
  baseline: number,
  series: SeriesInfo,
): { readonly pass: boolean; readonly wanted: string } {
  const usual = `the usual ${valueText(series, baseline)}`;
  if (expect.is === 'unchanged') {
    const pass = Math.abs(value - baseline) <= expect.within * Math.abs(baseline);
    return { pass, wanted: `within ${Number((expect.within * 100).toFixed(1))} % of ${usual}` };
  }
  const limit = 'value' in expect ? expect.value : expect.timesBaseline * baseline;
  const pass = expect.is === 'above' ? value > limit : value < limit;
  const what =
    'value' in expect ? valueText(series, limit) : `${expect.timesBaseline} times ${usual}`;
  return { pass, wanted: `${expect.is} ${what}` };
}

function statisticOf(tally: Tally, statistic: MetricCheck['statistic']): number {
  return statistic === 'mean' ? tally.sum / tally.count : tally[statistic];
}

function attributesText(attributes: MetricCheck['attributes']): string {
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '' : `{${pairs.sort().join(', ')}}`;
}

function emptyTally(): Tally {
  return { count: 0, sum: 0, min: Infinity, max: -Infinity };
}

function add(tally: Tally, value: number): void {
  tally.count++;
  tally.sum += value;
  tally.min = Math.min(tally.min, value);
  tally.max = Math.max(tally.max, value);
}
