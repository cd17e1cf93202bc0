import { Type } from 'typebox';
import { limits } from '../limits.ts';
import { changeKinds, type Micros } from '../sdk/index.ts';
import { situationAt } from './folded.ts';
import { playheadParameter, question } from './question.ts';
import type { RunReader } from './reader.ts';
import type { Markers } from './types.ts';

/** Findings are drawn as at most this many marks. */
const clustersMax = 200;

/** What the playback strip draws: changes, findings in clusters, incidents as they stand at `t`. */
export const markers = question(
  Type.Object({ t: playheadParameter }, { additionalProperties: false }),
  (run, asked): Markers => {
    const t = run.playhead(asked.t);
    return {
      changes: changesUntil(run, t),
      findings: findingClusters(run, t),
      incidents: situationAt(run, t).incidents.map((incident) => ({
        id: incident.id,
        title: incident.title,
        severity: incident.severity,
        from: incident.openedAt,
        to: incident.resolvedAt,
      })),
    };
  },
);

/** The last ones of more than a strip can show. */
function changesUntil(run: RunReader, t: Micros): Markers['changes'] {
  return run
    .tuples<[k: number, t: Micros, service: number, kind: string, note: string]>(
      'SELECT k, t, service_id, kind, note FROM change WHERE k < ? ORDER BY k DESC LIMIT ?',
      run.keyAfter('change', t),
      limits.queryRowsMax,
    )
    .reverse()
    .map(([k, at, service, kind, note]) => ({
      k,
      t: at,
      service: run.serviceName(service),
      kind: changeKinds.find((known) => known === kind) ?? 'other',
      note,
    }));
}

/** µs. Clusters are cut by the length of the run, not by `t`: marks stay put while it plays. */
export function clusterWidth(run: RunReader): Micros {
  const { duration, through } = run.run();
  return Math.ceil((Math.max(duration, through) + 1) / clustersMax);
}

function findingClusters(run: RunReader, t: Micros): Markers['findings'] {
  return run
    .tuples<[t: Micros, count: number, critical: number]>(
      `SELECT min(t), count(*), max(severity = 'critical') FROM finding
       WHERE k < ? GROUP BY t / CAST(? AS INTEGER) ORDER BY 1`,
      run.keyAfter('finding', t),
      clusterWidth(run),
    )
    .map(([at, count, critical]) => ({
      t: at,
      count,
      severity: critical ? 'critical' : 'warning',
    }));
}
