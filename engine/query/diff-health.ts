/** How unwell services were, and how much trouble they logged, in one run and in the other. */
import { stretchesOf } from '../health/index.ts';
import { healthStates, type HealthState } from '../health/model.ts';
import type { Micros } from '../sdk/index.ts';
import { countByService } from './level-totals.ts';
import { changeOf, differenceOf } from './diff-change.ts';
import type { DiffSpan } from './diff-span.ts';
import type { DiffedHealth, DiffedProblems, HealthFacts, ProblemCounts } from './diff-types.ts';
import type { RunReader } from './reader.ts';

export function diffHealth(a: RunReader, b: RunReader, span: DiffSpan): DiffedHealth[] {
  return servicesOfBoth(a, b).map((service) => {
    const [healthA, healthB] = [healthOf(a, service, span), healthOf(b, service, span)];
    const [timeA, timeB] = [healthA.firstUnwellAt, healthB.firstUnwellAt];
    const unwellByUs = healthB.unwellUs - healthA.unwellUs;
    return {
      service,
      began: changeOf(timeA, timeB) ?? 'same',
      beganByUs: differenceOf(timeA, timeB),
      unwell: unwellByUs === 0 ? 'same' : unwellByUs < 0 ? 'less' : 'more',
      unwellByUs,
      a: healthA,
      b: healthB,
    };
  });
}

export function diffProblems(a: RunReader, b: RunReader, until: Micros): DiffedProblems[] {
  const [countsA, countsB] = [problemsByService(a, until), problemsByService(b, until)];
  const none: ProblemCounts = { warnings: 0, errors: 0 };
  return servicesOfBoth(a, b).map((service) => ({
    service,
    a: countsA.get(service) ?? none,
    b: countsB.get(service) ?? none,
  }));
}

/** In the order of the first run, then what only the second one has. */
export function servicesOfBoth(a: RunReader, b: RunReader): string[] {
  return [...new Set([...a.services, ...b.services].map(({ name }) => name))];
}

function healthOf(run: RunReader, name: string, { untilUs, lastUs }: DiffSpan): HealthFacts {
  const service = run.services.find((candidate) => candidate.name === name);
  if (!service) return { firstUnwellAt: null, unwellUs: 0, last: 'unknown' };
  const changes = run
    .tuples<[t: Micros, state: string]>(
      'SELECT t, state FROM health_event WHERE service_id = ? AND k < ? ORDER BY k',
      service.id,
      run.keyAfter('health_event', lastUs),
    )
    .map(([t, state]) => ({
      t,
      state: healthStates.find((known) => known === state) ?? 'unknown',
    }));
  const stretches = stretchesOf(changes, { from: 0, to: untilUs });
  const unwell = stretches.filter(({ state }) => isUnwell(state));
  return {
    firstUnwellAt: unwell[0]?.from ?? null,
    unwellUs: unwell.reduce((sum, { from, to }) => sum + to - from, 0),
    last: changes.at(-1)?.state ?? 'unknown',
  };
}

function isUnwell(state: HealthState): boolean {
  return state === 'degraded' || state === 'down';
}

function problemsByService(run: RunReader, until: Micros): ReadonlyMap<string, ProblemCounts> {
  const ids = run.services.map(({ id }) => id);
  return new Map(
    [...countByService(run, ids, until)].map(([id, [, , warnings, errors]]) => [
      run.serviceName(id),
      { warnings, errors },
    ]),
  );
}
