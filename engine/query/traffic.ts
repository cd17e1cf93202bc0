/**
 * What each call edge carries. Services measure what they answer, not who asked, and spans are samples:
 * so the measured rate of a callee is divided among its callers as the calls of the sampled traces are.
 */
import { Type } from 'typebox';
import type { Micros } from '../sdk/index.ts';
import { currentFigures } from './kpis.ts';
import { playheadParameter, question } from './question.ts';
import type { RunReader } from './reader.ts';
import type { Traffic } from './types.ts';

/** Calls are counted over this much time before the playhead, µs, and over this many spans at most. */
const windowUs = 60_000_000;
const spansMax = 5_000;

/** Requests per second over each dependency in the last window that is over. */
export const traffic = question(
  Type.Object({ t: playheadParameter }, { additionalProperties: false }),
  (run, asked): Traffic => {
    const t = run.playhead(asked.t);
    const figures = currentFigures(run, t);
    const edges = run.tuples<[caller: number, callee: number]>(
      'SELECT caller_id, callee_id FROM dependency',
    );
    const shares = callShares(run, t, edges);
    return {
      t,
      edges: edges.map(([caller, callee]) => {
        const rate = figures.get(callee)?.requestRate ?? null;
        const share = shares(caller, callee);
        return {
          caller: run.serviceName(caller),
          callee: run.serviceName(callee),
          requestRate: rate === null || share === null ? null : rate * share,
        };
      }),
    };
  },
);

/** Whom calls come from that no service made. */
const outside = -1;

/** The share of a callee's calls that a caller makes; null where no trace tells. */
function callShares(
  run: RunReader,
  t: Micros,
  edges: readonly (readonly [caller: number, callee: number])[],
): (caller: number, callee: number) => number | null {
  const calls = countCalls(run, t);
  const entries = new Set(run.services.filter((s) => s.entry === 1).map((s) => s.id));
  const callers = new Map<number, number>();
  for (const [, callee] of edges) callers.set(callee, (callers.get(callee) ?? 0) + 1);
  return (caller, callee) => {
    // Whoever is the only one makes all calls, sampled or not.
    if (callers.get(callee) === 1 && !entries.has(callee)) return 1;
    const own = calls.get(callee);
    if (!own) return null;
    let all = 0;
    for (const count of own.values()) all += count;
    return (own.get(caller) ?? 0) / all;
  };
}

/** Calls of the sampled traces, by callee and caller. */
function countCalls(run: RunReader, t: Micros): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const spans = run.tuples<[service: number, trace: string, span: string, parent: string]>(
    `SELECT service_id, trace_id, span_id, parent_id FROM span WHERE k >= ? AND k < ?
     ORDER BY k DESC LIMIT ${spansMax}`,
    run.keyAfter('span', t - windowUs),
    run.keyAfter('span', t),
  );
  const serviceOf = new Map(spans.map(([service, trace, span]) => [`${trace}/${span}`, service]));
  const calls = new Map<number, Map<number, number>>();
  for (const [callee, trace, , parent] of spans) {
    const caller = parent === '' ? outside : serviceOf.get(`${trace}/${parent}`);
    // A parent that has not ended yet is not known yet; one of the same service made no call.
    if (caller === undefined || caller === callee) continue;
    const own = calls.get(callee) ?? new Map<number, number>();
    own.set(caller, (own.get(caller) ?? 0) + 1);
    calls.set(callee, own);
  }
  return calls;
}
