/** The figures of the strip: how each is written, and how far it has moved over its trend. */
import type { Kpis, RunOverview } from '../../../engine/query/types.ts';
import { formatClock, formatDuration } from '../format/time.ts';
import { formatCount, formatRate, formatSeconds, formatShare } from '../format/figure.ts';

export type Trend = Kpis['trend'];
export type Usual = Kpis['usual'];
export type Measure = 'requestRate' | 'errorRatio' | 'latencyP95';

export interface Movement {
  readonly text: string;
  /** Whether it got worse, better, or neither. */
  readonly sense: 'worse' | 'better' | 'neutral';
}

/** Against what is usual in healthy times; null where it is about the same. */
export function movement(usual: Usual, measure: Measure, now: number | null): Movement | null {
  const before = usual?.[measure] ?? null;
  if (now === null || before === null) return null;
  if (measure === 'errorRatio') {
    const points = (now - before) * 100;
    if (Math.abs(points) < 0.1) return null;
    return { text: `${signed(points)} pt`, sense: points > 0 ? 'worse' : 'better' };
  }
  if (before <= 0) return null;
  const ratio = now / before;
  if (Math.abs(ratio - 1) < 0.1) return null;
  const text =
    ratio >= 2
      ? `×${ratio < 10 ? ratio.toFixed(1) : formatCount(ratio)}`
      : `${signed((ratio - 1) * 100, 0)} %`;
  if (measure === 'requestRate') return { text, sense: 'neutral' };
  return { text, sense: ratio > 1 ? 'worse' : 'better' };
}

/** What the change beside a figure is a change from. */
export function usualText(usual: Usual, measure: Measure): string {
  const before = usual?.[measure] ?? null;
  if (usual === null || before === null) return 'no healthy time to compare with yet';
  return `usually ${formatMeasure(measure, before)} while they are healthy, last from T+${formatClock(usual.from)} to T+${formatClock(usual.to)}`;
}

export function formatMeasure(measure: Measure, value: number | null): string {
  switch (measure) {
    case 'requestRate':
      return formatRate(value);
    case 'errorRatio':
      return formatShare(value);
    case 'latencyP95':
      return formatSeconds(value);
    default:
      return measure satisfies never;
  }
}

/** How long after its first signal the first incident opened; the moment itself stands beside it. */
export function detectionText(timeToDetectUs: number | null): string {
  if (timeToDetectUs === null) return 'none yet';
  return timeToDetectUs === 0 ? 'at once' : `after ${formatDuration(timeToDetectUs)}`;
}

/** Lines up to the playhead; where a recording has none, what it has instead. */
export function recordsFigure(
  run: Pick<RunOverview, 'logs' | 'records'>,
  logsSoFar: number,
): { readonly label: string; readonly count: number; readonly explain: string } {
  if (run.logs === 0 && run.records > 0)
    return {
      label: 'Metric points',
      count: run.records,
      explain: 'Stored in the whole run, which has no logs',
    };
  return {
    label: 'Log records',
    count: logsSoFar,
    explain: `Log records up to the playhead; the run stores ${formatCount(run.records)} records of all kinds`,
  };
}

/** An SVG path in a box of `width` × `height`; a hole where nothing was measured. */
export function sparkline(
  values: readonly (number | null)[],
  size: { readonly width: number; readonly height: number },
): string {
  const measured = values.filter((value) => value !== null);
  if (measured.length < 2) return '';
  const low = Math.min(...measured);
  // A flat line stays in the middle: noise of a thousandth is not a mountain.
  const span = Math.max(Math.max(...measured) - low, Math.abs(low) * 0.2, 1e-9);
  const top = 1.5;
  const usable = size.height - 2 * top;
  let pen = 'M';
  let path = '';
  values.forEach((value, index) => {
    if (value === null) {
      pen = 'M';
      return;
    }
    const x = (index / (values.length - 1)) * size.width;
    const y = top + usable * (1 - (value - low) / span);
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  });
  return path;
}

function signed(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 ? '−' : '+'}${text}`;
}
