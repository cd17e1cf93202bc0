import { Type } from 'typebox';
import type { Micros } from '../sdk/index.ts';
import { windowText } from '../health/index.ts';
import { situationAt, type Situation } from './folded.ts';
import { currentFigures, kpisAt } from './kpis.ts';
import { playheadParameter, question } from './question.ts';
import type { RunReader } from './reader.ts';
import type { RunStateAt, ServiceHealth } from './types.ts';

/** Health, incidents and figures as they stood at `t`. The answer's `t` is the last stored moment
 * where the one asked for is not stored yet. */
export const state = question(
  Type.Object({ t: playheadParameter }, { additionalProperties: false }),
  (run, asked): RunStateAt => {
    const t = run.playhead(asked.t);
    const { incidents, health } = situationAt(run, t);
    return {
      t,
      health: healthOf(run, health, t),
      incidents,
      kpis: kpisAt(run, t, incidents),
    };
  },
);

/** Health by service, in the order of the reader's services: the state of its last change, the
 * figures of the last window that is over. */
export function healthOf(run: RunReader, health: Situation['health'], t: Micros): ServiceHealth[] {
  const figures = currentFigures(run, t);
  return run.services.map(({ id, name }) => {
    const {
      state: now,
      reason,
      since,
    } = health[id] ?? {
      state: 'unknown',
      reason: 'no data yet',
      since: 0,
    };
    const { requestRate, errorRatio, latencyP95 } = figures.get(id) ?? {
      requestRate: null,
      errorRatio: null,
      latencyP95: null,
    };
    const measured = { requestRate, errorRatio, latencyP95 };
    return { service: name, state: now, reason, now: windowText(measured), since, ...measured };
  });
}
