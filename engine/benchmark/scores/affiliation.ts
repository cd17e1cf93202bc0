/**
 * Affiliation: how near predictions are to the event whose zone they are in, and it to them, as
 * chances that a random point would be no nearer. Source: Huet, Navarro and Rossi, "Local Evaluation
 * of Time Series Anomaly Detection Algorithms" (KDD 2022), sections 3 and 4; the integrals are in
 * closed form. Beware: random predictions reach an F of 0.7 to 0.9, so it ranks, but never shines.
 */
import type { RowWindow } from './nab-rows.ts';
import { harmonicMean } from './range-f1.ts';

export interface Affiliation {
  /** Mean over the zones with predictions; null without any. */
  readonly precision: number | null;
  /** Mean over all zones; null without abnormal windows. */
  readonly recall: number | null;
  /** 0 without predictions; null without abnormal windows. */
  readonly f1: number | null;
}

/** From `from` up to, but without, `to`: rows as a continuum. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Both in the order of rows, without overlap, in a series of so many rows. */
export function affiliation(
  truth: readonly RowWindow[],
  predictions: readonly RowWindow[],
  rows: number,
): Affiliation {
  if (truth.length === 0) return { precision: null, recall: null, f1: null };
  const events = truth.map(spanOf);
  const predicted = predictions.map(spanOf);
  let [precisions, zonesWithPredictions, recalls, next] = [0, 0, 0, 0];
  events.forEach((event, j) => {
    const zone = zoneOf(events, j, rows);
    while ((predicted[next]?.to ?? Infinity) <= zone.from) next += 1;
    const own: Span[] = [];
    for (let i = next; (predicted[i]?.from ?? Infinity) < zone.to; i++) {
      own.push(cut(predicted[i] as Span, zone));
    }
    if (own.length === 0) return;
    zonesWithPredictions += 1;
    precisions += precisionIn(zone, event, own);
    recalls += recallIn(zone, event, own);
  });
  const precision = zonesWithPredictions === 0 ? null : precisions / zonesWithPredictions;
  const recall = recalls / events.length;
  return { precision, recall, f1: harmonicMean(precision, recall) };
}

const spanOf = ({ first, last }: RowWindow): Span => ({ from: first, to: last + 1 });
const lengthOf = ({ from, to }: Span): number => to - from;
const cut = ({ from, to }: Span, by: Span): Span => ({
  from: Math.max(from, by.from),
  to: Math.min(to, by.to),
});

/** Halfway to the neighbours, or to the ends of the series. */
function zoneOf(events: readonly Span[], j: number, rows: number): Span {
  const event = events[j] as Span;
  const before = events[j - 1];
  const behind = events[j + 1];
  return {
    from: before ? (before.to + event.from) / 2 : 0,
    to: behind ? (event.to + behind.from) / 2 : rows,
  };
}

/** Mean over the predicted points x of the chance that a random one is no nearer to the event. */
function precisionIn(zone: Span, event: Span, predicted: readonly Span[]): number {
  const left = event.from - zone.from;
  const right = zone.to - event.to;
  let sum = 0;
  let length = 0;
  for (const span of predicted) {
    length += lengthOf(span);
    sum += Math.max(0, lengthOf(cut(span, event)));
    const sides = [
      [event.from - span.to, event.from - span.from],
      [span.from - event.to, span.to - event.to],
    ] as const;
    for (const [near, far] of sides) {
      if (far <= 0) continue;
      const distances = { from: Math.max(0, near), to: far };
      sum += (fall(left, distances) + fall(right, distances)) / lengthOf(zone);
    }
  }
  return sum / length;
}

/** The integral of max(0, height - d) over distances d. */
function fall(height: number, { from, to }: Span): number {
  return (Math.max(0, height - from) ** 2 - Math.max(0, height - to) ** 2) / 2;
}

/** Mean over the points y of the event of the chance that a random one is no nearer to it. */
function recallIn(zone: Span, event: Span, predicted: readonly Span[]): number {
  let sum = 0;
  // Between two predictions: the nearer half of the gap looks to each of them.
  let end = -Infinity;
  for (const span of [...predicted, { from: Infinity, to: Infinity }]) {
    const middle = (end + span.from) / 2;
    const halfway = Number.isNaN(middle) ? Infinity : middle;
    const looksBack = cut({ from: end, to: halfway }, event);
    if (lengthOf(looksBack) > 0) {
      // Points y with the prediction end p before them: (p - zone.from) + max(0, zone.to - 2y + p).
      const fixed = (end - zone.from) * lengthOf(looksBack);
      sum += (fixed + steepFall(zone.to + end, looksBack)) / lengthOf(zone);
    }
    const looksAhead = cut({ from: halfway, to: span.from }, event);
    if (lengthOf(looksAhead) > 0) {
      const fixed = (zone.to - span.from) * lengthOf(looksAhead);
      const mirrored = { from: -looksAhead.to, to: -looksAhead.from };
      sum += (fixed + steepFall(-zone.from - span.from, mirrored)) / lengthOf(zone);
    }
    sum += Math.max(0, lengthOf(cut(span, event)));
    end = span.to;
  }
  return sum / lengthOf(event);
}

/** The integral of max(0, height - 2y) over y. */
function steepFall(height: number, { from, to }: Span): number {
  return (Math.max(0, height - 2 * from) ** 2 - Math.max(0, height - 2 * to) ** 2) / 4;
}
