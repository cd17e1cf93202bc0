/** The definitions of scores by rows, followed literally: slow, and written without their sweeps. */
import type { RowWindow } from '../../engine/benchmark/index.ts';

type Numbers = readonly number[];

const sum = (values: Numbers): number => values.reduce((a, b) => a + b, 0);
const distinct = (values: Numbers): number[] => [...new Set(values)].sort((a, b) => b - a);

/** Average precision: sum over thresholds of the recall gained times the precision there. */
export function referenceAucPr(marks: Numbers, scores: Numbers): number {
  let total = 0;
  let before = 0;
  for (const t of distinct(scores)) {
    const predicted = scores.map((s) => (s >= t ? 1 : 0));
    const hits = sum(predicted.map((p, i) => p * marks[i]!));
    const recall = hits / sum(marks);
    total += (recall - before) * (hits / sum(predicted));
    before = recall;
  }
  return total;
}

/** The chance that an abnormal row has a higher score than a normal one, ties counting half. */
export function referenceAucRoc(marks: Numbers, scores: Numbers): number {
  const of = (mark: number) => scores.filter((_, i) => marks[i] === mark);
  const wins = of(1).flatMap((a) => of(0).map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return sum(wins) / wins.length;
}

const segmentsOf = (marks: Numbers): [number, number][] => {
  const segments: [number, number][] = [];
  marks.forEach((mark, i) => {
    if (mark !== 1) return;
    const last = segments.at(-1);
    if (last && last[1] === i - 1) last[1] = i;
    else segments.push([i, i]);
  });
  return segments;
};

/** VUS-PR and VUS-ROC, one pass over all rows for each tolerance and threshold. */
export function referenceVus(marks: Numbers, scores: Numbers, l: number) {
  const n = marks.length;
  const sorted = [...scores].sort((a, b) => b - a);
  const ks = Array.from({ length: 250 }, (_, k) => k);
  const positions = ks.map((k) => (k === 249 ? n - 1 : Math.trunc(k * ((n - 1) / 249))));
  const widened = (w: number): [number, number][] => {
    const h = Math.floor(w / 2);
    const joined: [number, number][] = [];
    for (const [a, b] of segmentsOf(marks)) {
      const last = joined.at(-1);
      if (last && !(last[1] < a - h)) last[1] = b + h;
      else joined.push([a - h, b + h]);
    }
    return joined.map(([a, b]) => [Math.max(0, a), Math.min(n - 1, b)]);
  };
  const inside = (segments: [number, number][], i: number) =>
    segments.some(([a, b]) => i >= a && i <= b);
  const widest = widened(l);
  const results = Array.from({ length: l + 1 }, (_, w) => {
    const h = Math.floor(w / 2);
    const soft = marks.map((mark, i) => {
      const parts = segmentsOf(marks).map(([a, b]) => {
        const d = i < a ? a - i : i > b ? i - b : 0;
        return d >= 1 && d <= h ? Math.sqrt(1 - d / w) : 0;
      });
      return Math.min(1, mark + sum(parts));
    });
    const segments = widened(w);
    const points = positions.map((position) => {
      const p = scores.map((s) => (s >= sorted[position]! ? 1 : 0));
      const q = soft.map((y, i) => (marks[i] === 1 ? 1 : inside(segments, i) ? y * p[i]! : y));
      const rows = marks.map((_, i) => i).filter((i) => inside(widest, i));
      const tp = sum(rows.map((i) => q[i]! * p[i]!));
      const positives = (sum(marks) + sum(rows.map((i) => q[i]!))) / 2;
      const seen = segments.filter(([a, b]) => p.slice(a, b + 1).includes(1)).length;
      const tpr = Math.min(tp / positives, 1) * (seen / segments.length);
      return { tpr, fpr: (sum(p) - tp) / (n - positives), precision: tp / sum(p) };
    });
    const pr = sum(
      points.map(({ tpr, precision }, k) => (tpr - (points[k - 1]?.tpr ?? 0)) * precision),
    );
    const path = [{ tpr: 0, fpr: 0 }, ...points, { tpr: 1, fpr: 1 }];
    const roc = sum(
      path.slice(1).map(({ tpr, fpr }, k) => ((fpr - path[k]!.fpr) * (tpr + path[k]!.tpr)) / 2),
    );
    return { pr, roc };
  });
  return {
    vusPr: sum(results.map(({ pr }) => pr)) / (l + 1),
    vusRoc: sum(results.map(({ roc }) => roc)) / (l + 1),
  };
}

const rowsOf = ({ first, last }: RowWindow): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** The reward of ranges for being overlapped by others, by sets of rows. */
export function referenceRangeReward(
  ranges: readonly RowWindow[],
  others: readonly RowWindow[],
  alpha: number,
): number {
  const rewards = ranges.map((range) => {
    const own = new Set(rowsOf(range));
    const overlapping = others.filter((other) => rowsOf(other).some((row) => own.has(row)));
    const covered = overlapping.flatMap(rowsOf).filter((row) => own.has(row)).length;
    const gamma = overlapping.length <= 1 ? 1 : 1 / overlapping.length;
    return alpha * (overlapping.length > 0 ? 1 : 0) + (1 - alpha) * (covered / own.size) * gamma;
  });
  return sum(rewards) / rewards.length;
}

/** Affiliation by drawing the continuum as a fine grid of points. */
export function referenceAffiliation(
  truth: readonly RowWindow[],
  predictions: readonly RowWindow[],
  rows: number,
) {
  const steps = 40;
  const grid = Array.from({ length: rows * steps }, (_, i) => (i + 0.5) / steps);
  const within = (x: number, { first, last }: RowWindow) => x > first && x < last + 1;
  const distance = (x: number, { first, last }: RowWindow) =>
    within(x, { first, last }) ? 0 : Math.min(Math.abs(x - first), Math.abs(x - last - 1));
  const zones = truth.map((event, j) => {
    const before = truth[j - 1];
    const behind = truth[j + 1];
    const from = before ? (before.last + 1 + event.first) / 2 : 0;
    const to = behind ? (event.last + 1 + behind.first) / 2 : rows;
    const points = grid.filter((x) => x > from && x < to);
    const predicted = points.filter((x) => predictions.some((p) => within(x, p)));
    const chance = (isAsFar: (u: number) => boolean) =>
      points.filter(isAsFar).length / points.length;
    const precisions = predicted.map((x) => {
      const d = distance(x, event);
      return d === 0 ? 1 : chance((u) => distance(u, event) >= d);
    });
    const cuts = predictions
      .map((p) => ({ first: Math.max(p.first, from), last: Math.min(p.last + 1, to) - 1 }))
      .filter(({ first, last }) => last + 1 > first);
    const recalls = points
      .filter((y) => within(y, event))
      .map((y) => {
        const d = Math.min(...cuts.map((p) => distance(y, p)));
        return d === 0 ? 1 : chance((u) => Math.abs(u - y) >= d);
      });
    return {
      precision: precisions.length === 0 ? null : sum(precisions) / precisions.length,
      recall: cuts.length === 0 ? 0 : sum(recalls) / recalls.length,
    };
  });
  const precisions = zones.flatMap(({ precision }) => precision ?? []);
  return {
    precision: precisions.length === 0 ? null : sum(precisions) / precisions.length,
    recall: sum(zones.map(({ recall }) => recall)) / zones.length,
  };
}

/** The best F1 over thresholds after every window with a hit is marked whole. */
export function referencePointAdjusted(marks: Numbers, scores: Numbers): number {
  return Math.max(
    ...distinct(scores).map((t) => {
      const predicted = scores.map((s) => (s >= t ? 1 : 0));
      for (const [a, b] of segmentsOf(marks)) {
        if (predicted.slice(a, b + 1).includes(1)) predicted.fill(1, a, b + 1);
      }
      const tp = sum(predicted.map((p, i) => p * marks[i]!));
      return (2 * tp) / (sum(predicted) + sum(marks));
    }),
  );
}
