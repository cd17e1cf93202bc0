import type { EventCurvePoint } from './event-curve.ts';

/**
 * The area under precision over recall by incident. Precision at a recall is the best that any
 * threshold with at least that recall gives, as in PASCAL VOC (Everingham et al. 2010): by incident,
 * recall may fall with the threshold, because an alarm that begins before an incident is not one of it.
 * Recall that no threshold reaches gives nothing.
 */
export function areaUnderEventCurve(
  curve: readonly Pick<EventCurvePoint, 'precision' | 'recall'>[],
): number {
  const points = curve
    .map(({ precision, recall }) => ({ precision: precision ?? 0, recall: recall ?? 0 }))
    .sort((a, b) => b.recall - a.recall);
  let area = 0;
  let best = 0;
  points.forEach(({ precision, recall }, i) => {
    best = Math.max(best, precision);
    area += best * (recall - (points[i + 1]?.recall ?? 0));
  });
  return area;
}
