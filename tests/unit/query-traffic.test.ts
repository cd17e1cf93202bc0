/** What the edges of the service map carry. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openRun, questions } from '../../engine/query/index.ts';
import { makeRunFile, withFolder } from '../support/run-file.ts';

const second = 1_000_000;

/** web and admin call cart, cart calls db; cart is called by users as well. */
function file(folder: string): string {
  const path = makeRunFile(join(folder, 'run.db'), {
    services: [
      { name: 'web', entry: true },
      { name: 'admin' },
      { name: 'cart', entry: true },
      { name: 'db' },
    ],
    dependencies: [
      [0, 2],
      [1, 2],
      [2, 3],
    ],
    durationUs: 120 * second,
    windows: [2, 3].flatMap((service) =>
      [4, 5].map((bucket) => ({
        service,
        bucket,
        state: 'healthy' as const,
        figures: { requestRate: service * 10 * (bucket - 3), errorRatio: 0, latencyP95: 0.1 },
      })),
    ),
  });
  const db = new Database(path);
  const span = db.prepare(
    `INSERT INTO span (k, t, service_id, name, duration, status, trace_id, span_id, parent_id)
     VALUES (?, ?, ?, '', 1, 1, ?, ?, ?)`,
  );
  let k = 40 * second * 4;
  const call = (trace: string, id: string, service: number, parent: string) =>
    span.run(k++, 40 * second, service, trace, id, parent);
  // Of four sampled calls of cart web makes two, admin one, a user one; ids are unique in a trace only.
  for (const [trace, caller] of [
    ['a', 0],
    ['b', 0],
    ['c', 1],
  ] as const) {
    call(trace, '2', 2, '1');
    call(trace, '1', caller, trace === 'c' ? 'unknown' : '');
  }
  call('d', '1', 2, '');
  // A second of the same service makes no call, and a parent that has not ended is not known.
  call('d', '2', 2, '1');
  call('e', '2', 2, '1');
  span.run(90 * second * 4, 90 * second, 1, 'e', '1', '');
  db.close();
  return path;
}

test('a rate is divided as the sampled calls are; the only caller has it all', () => {
  withFolder((folder) => {
    const run = openRun(file(folder));
    expect(questions.traffic.answer(run, { t: 55 * second })).toEqual({
      t: 55 * second,
      edges: [
        { caller: 'web', callee: 'cart', requestRate: 10 },
        { caller: 'admin', callee: 'cart', requestRate: 5 },
        { caller: 'cart', callee: 'db', requestRate: 30 },
      ],
    });
    // The next window; and a moment for which nothing is measured, or no trace is near.
    expect(questions.traffic.answer(run, { t: 60 * second }).edges[2]?.requestRate).toBe(60);
    const nothing = questions.traffic.answer(run, { t: 20 * second }).edges;
    expect(nothing.map((edge) => edge.requestRate)).toEqual([null, null, null]);
    run.close();
  });
});
