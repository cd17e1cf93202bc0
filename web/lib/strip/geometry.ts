/** Where things lie on the playback strip: time ↔ pixels, lanes, ticks and what is under the pointer. */
import type { Markers } from '../../../engine/query/types.ts';
import type { Micros } from '../../../engine/sdk/index.ts';
import { plural } from '../format/plural.ts';

export function xOf(t: Micros, duration: Micros, width: number): number {
  return duration > 0 ? (Math.min(Math.max(t, 0), duration) / duration) * width : 0;
}

export function timeAt(x: number, duration: Micros, width: number): Micros {
  return width > 0 ? Math.round((Math.min(Math.max(x, 0), width) / width) * duration) : 0;
}

const second = 1_000_000;
const tickSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  172_800, 604_800,
].map((seconds) => seconds * second);

/** Round times for an axis, at least `gap` pixels apart. */
export function ticks(duration: Micros, width: number, gap: number): readonly Micros[] {
  if (duration <= 0 || width <= 0) return [];
  const wanted = (duration * gap) / width;
  const step = tickSteps.find((candidate) => candidate >= wanted) ?? tickSteps.at(-1) ?? Infinity;
  const found: Micros[] = [];
  // Bounded: a step is never shorter than `gap` pixels, except past the longest step.
  for (let t = 0; t <= duration && found.length < 200; t += step) found.push(t);
  return found;
}

export type IncidentBar = Markers['incidents'][number] & { readonly lane: number };

/**
 * Gives each incident the first lane in which it overlaps nothing; past `laneMax` they share the
 * last lane rather than vanish.
 */
export function incidentLanes(
  incidents: Markers['incidents'],
  t: Micros,
  laneMax: number,
): readonly IncidentBar[] {
  const ends: Micros[] = [];
  return incidents
    .filter((incident) => incident.from <= t)
    .toSorted((a, b) => a.from - b.from || a.id - b.id)
    .map((incident) => {
      const free = ends.findIndex((end) => end <= incident.from);
      const lane = Math.min(free >= 0 ? free : ends.length, laneMax - 1);
      ends[lane] = Math.max(ends[lane] ?? 0, incident.to ?? Infinity);
      return { ...incident, lane };
    });
}

export interface FindingCluster {
  /** Pixels. */
  readonly left: number;
  readonly right: number;
  readonly count: number;
  readonly critical: boolean;
}

/**
 * Findings as few marks: those nearer than `gap` pixels are one mark with a count. Marks of unlike
 * severity stay apart where each is long enough to be seen.
 */
export function clusterFindings(
  findings: Markers['findings'],
  place: { readonly t: Micros; readonly duration: Micros; readonly width: number },
  gap: number,
): readonly FindingCluster[] {
  const clusters: FindingCluster[] = [];
  for (const finding of findings.toSorted((a, b) => a.t - b.t)) {
    if (finding.t > place.t) break;
    const x = xOf(finding.t, place.duration, place.width);
    const critical = finding.severity === 'critical';
    const last = clusters.at(-1);
    const joins =
      last &&
      x - last.right < gap &&
      (last.critical === critical || last.right - last.left < gap * 2);
    if (!joins) {
      clusters.push({ left: x, right: x, count: finding.count, critical });
      continue;
    }
    clusters[clusters.length - 1] = {
      left: last.left,
      right: x,
      count: last.count + finding.count,
      critical: last.critical || critical,
    };
  }
  return clusters;
}

/** What the tooltip says at `t`, given what lies within `reach` of it. */
export function markersNear(markers: Markers, t: Micros, reach: Micros): readonly string[] {
  const near = (at: Micros) => Math.abs(at - t) <= reach;
  const findings = markers.findings
    .filter((finding) => near(finding.t))
    .reduce((sum, finding) => sum + finding.count, 0);
  return [
    ...markers.changes
      .filter((change) => near(change.t))
      .map((change) => `▲ ${change.kind} ${change.service} ${change.note}`.trim()),
    ...(findings > 0 ? [`◆ ${plural(findings, 'finding')}`] : []),
    ...markers.incidents
      .filter((incident) => incident.from <= t + reach && (incident.to ?? Infinity) >= t - reach)
      .map((incident) => `▬ ${incident.title}`),
  ].slice(0, 6);
}

/**
 * How many buckets to ask for up to `t` so that they are as wide as `most` of them over the whole
 * stretch would be: bars then keep their width while time goes on.
 */
export function bucketsFor(stretch: {
  readonly from: Micros;
  readonly to: Micros;
  readonly t: Micros;
  readonly most: number;
}): number {
  const { from, to, t, most } = stretch;
  const share = to > from ? (Math.min(t, to) - from) / (to - from) : 1;
  return Math.min(most, Math.max(1, Math.ceil(share * most)));
}

/** Buckets that the playhead has reached; the last one may be half full, which is the truth so far. */
export function bucketsUpTo(
  buckets: { readonly from: Micros; readonly bucketUs: Micros; readonly count: number },
  t: Micros,
): number {
  if (buckets.bucketUs <= 0 || t < buckets.from) return 0;
  return Math.min(buckets.count, Math.floor((t - buckets.from) / buckets.bucketUs) + 1);
}
