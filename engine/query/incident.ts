import { Type } from 'typebox';
import { WorkbenchError } from '../errors.ts';
import type { IncidentEvent, IncidentView } from '../incident/model.ts';
import type { Micros } from '../sdk/index.ts';
import { humanEvents, incidentEventOf, type IncidentEventRow } from '../store/human-events.ts';
import { situationAt } from './folded.ts';
import { insightsAt } from './insights.ts';
import { countByService, sumOf } from './level-totals.ts';
import { playheadParameter, question } from './question.ts';
import type { RunReader } from './reader.ts';
import { timelineOf } from './timeline.ts';
import type { FindingRow, IncidentDetail } from './types.ts';

/** How far before the first signal related logs begin, µs. */
const leadUs = 120_000_000;
/** Findings shown; the last ones of more. */
const findingsMax = 200;

/** One incident as it stands at `t`, with everything that belongs to it. */
export const incident = question(
  Type.Object(
    {
      id: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Incident.' }),
      t: playheadParameter,
    },
    { additionalProperties: false },
  ),
  (run, asked): IncidentDetail => {
    const t = run.playhead(asked.t);
    const found = situationAt(run, t).incidents.find((view) => view.id === asked.id);
    if (!found) throw new WorkbenchError('NOT_IN_RUN', { what: 'incident', name: asked.id, t });
    const events = run
      .rows<IncidentEventRow>(
        'SELECT t, incident, kind, payload FROM incident_event WHERE incident = ? AND t <= ? ORDER BY k',
        asked.id,
        t,
      )
      .map(incidentEventOf);
    const people = humanEvents(run.db, t).filter((event) => event.incident === asked.id);
    return {
      incident: found,
      timeline: timelineOf(events, people, run.serviceNames),
      ...findingsOf(run, events, { from: found.firstSignalAt, to: t }),
      relatedLogs: relatedLogs(run, found, t),
      insights: insightsAt(run.db, { t, incident: asked.id }),
    };
  },
);

/** Findings of the incident's alerts since its first signal. */
function findingsOf(
  run: RunReader,
  events: readonly IncidentEvent[],
  span: { readonly from: Micros; readonly to: Micros },
): Pick<IncidentDetail, 'findings' | 'moreFindings'> {
  const fingerprints = events.flatMap((event) =>
    event.kind === 'alert-firing' ? [event.fingerprint] : [],
  );
  const newest = run
    .rows<Omit<FindingRow, 'service'> & { readonly service: number | null }>(
      `SELECT k, t, detector.name AS detector, service_id AS service, subject, severity, score, body
       FROM finding JOIN detector ON detector.id = detector_id
       WHERE k >= ? AND k < ?
         AND detector.name || ':' || subject IN (SELECT value FROM json_each(?))
       ORDER BY k DESC LIMIT ?`,
      run.keyAfter('finding', span.from - 1),
      run.keyAfter('finding', span.to),
      JSON.stringify([...new Set(fingerprints)]),
      findingsMax + 1,
    )
    .map((row) => ({
      ...row,
      service: row.service === null ? null : run.serviceName(row.service),
    }));
  return {
    findings: newest.slice(0, findingsMax).reverse(),
    moreFindings: newest.length > findingsMax,
  };
}

function relatedLogs(
  run: RunReader,
  found: IncidentView,
  t: Micros,
): IncidentDetail['relatedLogs'] {
  const from = Math.max(0, found.firstSignalAt - leadUs);
  const to = Math.min(t, found.resolvedAt ?? t);
  const ids = found.services.map((name) => run.serviceId(name));
  const before = from === 0 ? 0 : countLogs(run, ids, from - 1);
  return { from, to, services: found.services, count: countLogs(run, ids, to) - before };
}

function countLogs(run: RunReader, services: readonly number[], t: Micros): number {
  let sum = 0;
  for (const counts of countByService(run, services, t).values()) sum += sumOf(counts);
  return sum;
}
