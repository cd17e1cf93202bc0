import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyHumanEvent,
  applyIncidentEvent,
  emptyState,
  viewIncidents,
  type FoldedState,
  type HumanEvent,
  type IncidentEvent,
} from '../../engine/incident/index.ts';
import { makeRunFile, withFolder } from '../support/run-file.ts';

const names = ['web', 'checkout', 'store'];
const severity = fc.constantFrom('low', 'medium', 'high', 'critical');

/** What happens next to one of three incidents: the engine says something, or a person takes a legal step. */
const steps = fc.array(
  fc.record({
    incident: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom(
      ...(['person', 'person', 'alert-firing', 'service-affected'] as const),
      ...(['severity-changed', 'title-changed', 'auto-resolved', 'reopened'] as const),
    ),
    gapUs: fc.integer({ min: 1, max: 5_000_000 }),
    severity,
    title: fc.string(),
    service: fc.integer({ min: 0, max: 2 }),
    choice: fc.nat(10),
  }),
  { maxLength: 40 },
);

type Step = typeof steps extends fc.Arbitrary<readonly (infer One)[]> ? One : never;

/** The step as an event, where the incident as it stands allows one. */
function eventOf(step: Step, state: FoldedState, t: number): IncidentEvent | HumanEvent | null {
  const { incident, kind, title } = step;
  const view = viewIncidents(state, t).find(({ id }) => id === incident);
  if (!view) return { t, incident, kind: 'opened', title, severity: step.severity };
  const at = { t, incident };
  switch (kind) {
    case 'person': {
      const action = view.legal[step.choice % view.legal.length] ?? 'note';
      return { ...at, wallUnixMs: 0, actor: 'ada', action, note: 'n' };
    }
    case 'alert-firing': {
      const alert = { fingerprint: `f${step.choice}`, detector: 'd', body: 'b', score: 1 };
      return { ...at, kind, ...alert, service: step.service, since: t - step.choice };
    }
    case 'service-affected':
      return view.services.includes(names[step.service] ?? '')
        ? null
        : { ...at, kind, service: step.service };
    case 'severity-changed':
      return { ...at, kind, severity: step.severity, reason: '' };
    case 'title-changed':
      return { ...at, kind, title };
    case 'auto-resolved':
      return view.status === 'resolved' ? null : { ...at, kind, reason: '' };
    case 'reopened':
      return view.status === 'resolved' ? { ...at, kind, reason: '' } : null;
    default:
      return kind satisfies never;
  }
}

test('the view `incident` of a run file shows what the fold shows', () => {
  withFolder((folder) => {
    let files = 0;
    fc.assert(
      fc.property(steps, (given) => {
        const state = emptyState({ services: names });
        const incidentEvents: IncidentEvent[] = [];
        const humanEvents: HumanEvent[] = [];
        let t = 0;
        for (const step of given) {
          t += step.gapUs;
          const event = eventOf(step, state, t);
          if (event === null) continue;
          if ('action' in event) {
            humanEvents.push(event);
            applyHumanEvent(state, event);
          } else {
            incidentEvents.push(event);
            applyIncidentEvent(state, event);
          }
        }
        const file = makeRunFile(join(folder, `${files++}.db`), {
          services: names.map((name) => ({ name })),
          durationUs: t + 1,
          incidentEvents,
          humanEvents,
        });
        const db = new Database(file, { readonly: true });
        const rows = db.prepare(
          'SELECT id, title, severity, status, opened, services FROM incident ORDER BY id',
        );
        expect(rows.all()).toEqual(
          viewIncidents(state, t).map((view) => ({
            id: view.id,
            title: view.title,
            severity: view.severity,
            status: view.status,
            opened: view.openedAt,
            services: view.services.join(', ') || null,
          })),
        );
        db.close();
      }),
      { numRuns: 60 },
    );
  });
});
