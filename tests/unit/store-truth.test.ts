/** What a run file keeps of forks, inputs, worlds and ground truth, and what of it the digest covers. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '../../engine/limits.ts';
import { BatchWriter, makeSlot } from '../../engine/replay/batch.ts';
import type { SourceHeader } from '../../engine/replay/source.ts';
import type { ActionInput, Check, Scenario } from '../../engine/scenario/model.ts';
import type { Connection } from '../../engine/store/database.ts';
import type { MeasuredTruth } from '../../engine/store/model.ts';
import { createRunFile, type RunDescription } from '../../engine/store/run-file.ts';
import { RunWriter } from '../../engine/store/writer.ts';
import { withFolder } from '../support/run-file.ts';
import { minimal, parse } from '../support/scenario-text.ts';

const header: SourceHeader = {
  startUnixUs: 0,
  durationUs: 60_000_000,
  services: [
    { name: 'web', kind: 'service', entry: true },
    { name: 'store', kind: 'database', entry: false },
  ],
  dependencies: [{ caller: 0, callee: 1, kind: 'call' }],
  objectives: [],
  series: [],
  intervals: [],
  intake: null,
};
const events = { findings: [], scores: [], incidentEvents: [], healthEvents: [], windows: [] };
const slot = makeSlot();

function scenarioWith(parts: Partial<Scenario>): Scenario {
  const { scenario } = parse(minimal);
  if (!scenario) throw new Error('the smallest scenario is one');
  return { ...scenario, ...parts } as Scenario;
}

const restart = (at: number): ActionInput => ({
  at,
  action: { kind: 'restart', service: 0, which: 'all' },
  text: 'restart:web',
});

/** A run file with one batch a second, as a run writes it; `use` gets its rows. */
function written<A>(
  given: {
    readonly scenario?: Scenario;
    readonly inputs?: readonly ActionInput[];
    readonly parent?: RunDescription['parent'];
    readonly measured?: MeasuredTruth;
    readonly worlds?: readonly Uint8Array[];
  },
  use: (db: Connection, digest: string | null) => A,
): A {
  return withFolder((folder) => {
    const inputs = given.inputs ?? [];
    const db = createRunFile(join(folder, 'run.db'), {
      ...{ id: 'run-2', scenario: given.scenario ?? scenarioWith({}), header, seed: 1, inputs },
      ...{ parent: given.parent ?? null, engineVersion: '0', createdUnixMs: 0, askedSpeed: 'max' },
      ...{ workers: 1, writer: { pid: 1, machine: 'here' }, detectors: [], indexFirst: false },
    });
    const writer = new RunWriter(db, {
      ...{ slots: [slot], detectors: [], header: {}, inputs, indexed: false, rowsPerCommit: 0 },
      onCommit: () => undefined,
    });
    given.worlds?.forEach((world, i) =>
      writer.checkpoint({ t: i * limits.checkpointEveryUs, hash: `hash-${i}`, world }),
    );
    for (let second = 1; second <= 6; second++) {
      const { count, textBytes, templates } = new BatchWriter(slot);
      writer.write({
        ...{
          slot: 0,
          sequence: second,
          count,
          textBytes,
          templates,
          from: 0,
          to: 0,
          last: true,
          ...events,
        },
        ...{ through: second * 10_000_000, keyframe: '{}' },
      });
    }
    const digest = writer.finish({
      ...{ state: 'completed', reason: '', comparable: true, through: 60_000_001 },
      ...{ finishedUnixMs: 0, detectors: [], events, keyframe: '{}' },
      measured: given.measured ?? null,
    });
    try {
      return use(db, digest);
    } finally {
      db.close();
    }
  });
}

const all = (db: Connection, sql: string): unknown[] => db.prepare(sql).all();
const digestOf = (inputs?: readonly ActionInput[]) =>
  written(inputs ? { inputs } : {}, (_, digest) => digest);
const keyframesOf = (inputs: readonly ActionInput[]) =>
  written({ inputs }, (db) =>
    db.prepare<[], string>('SELECT digest FROM keyframe ORDER BY k').pluck().all(),
  );

test('a fault that waits for an action is no part of what happened', () => {
  const { scenario } = parse(`${minimal}faults:
  - { id: bad, kind: errors, at: 5m, service: web, rate: 5% }
  - { id: takeover, kind: crash, service: web }
actions:
  add: [{ id: promote, title: Promote, service: web, takes: 1m, begins: [takeover] }]
`);
  if (!scenario) throw new Error('not a scenario');
  written({ scenario }, (db) => {
    expect(all(db, 'SELECT id FROM truth_fault')).toEqual([{ id: 'bad' }]);
  });
});

test('ground truth is stored as the scenario tells it', () => {
  const check: Check = {
    service: 'web',
    from: 0,
    to: 60,
    stream: 'log',
    contains: 'refused',
    atLeast: 3,
    atMost: Infinity,
  };
  const scenario = scenarioWith({
    tags: ['cache', 'metastable'],
    difficulty: 3,
    objectives: [
      {
        ...{ service: 'web', endpoint: null, name: 'answers', target: 0.999 },
        ...{ windowUs: 30 * 86_400e6, latencyUs: Infinity },
      },
      {
        ...{ service: 'web', endpoint: 'GET /', name: 'fast', target: 0.99 },
        ...{ windowUs: 3600e6, latencyUs: 300_000 },
      },
    ],
    truth: {
      rootCause: { service: 'store', fault: null },
      category: 'data-store',
      alsoAccepted: ['latency'],
      alsoAcceptedServices: ['web'],
      windows: [],
      trigger: 'A migration.',
      contributing: ['No timeout.'],
      latent: 'One table for all.',
      propagation: [{ from: 'store', to: 'web' }],
      clues: [{ says: 'Connections are refused.', checks: [check] }],
      redHerrings: [{ says: 'A deploy.', falsifiedBy: { says: 'It is unused.', checks: [] } }],
      helpful: [{ actions: ['kill-query:store'], at: 5, says: 'It lets go.' }],
      harmful: [{ actions: ['restart:web', 'scale:web=9'], at: 6, says: 'A herd.' }],
    },
  });
  written({ scenario }, (db) => {
    expect(all(db, 'SELECT tags, difficulty, parent_id, forked_at FROM run')).toEqual([
      { tags: '["cache","metastable"]', difficulty: 3, parent_id: null, forked_at: null },
    ]);
    expect(all(db, 'SELECT * FROM truth_cause')).toEqual([
      {
        ...{ service: 'store', fault: null, category: 'data-store', also_accepted: '["latency"]' },
        ...{ trigger: 'A migration.', contributing: '["No timeout."]' },
        ...{ latent: 'One table for all.', also_accepted_services: '["web"]' },
      },
    ]);
    expect(all(db, 'SELECT * FROM truth_edge')).toEqual([{ n: 0, caller: 'store', callee: 'web' }]);
    expect(all(db, 'SELECT * FROM truth_clue')).toEqual([
      {
        ...{ n: 0, says: 'Connections are refused.' },
        checks: JSON.stringify([{ ...check, atMost: null }]),
      },
    ]);
    expect(all(db, 'SELECT * FROM truth_herring')).toEqual([
      { n: 0, says: 'A deploy.', falsified_says: 'It is unused.', checks: '[]' },
    ]);
    expect(all(db, 'SELECT kind, t, actions, says FROM truth_action ORDER BY n')).toEqual([
      { kind: 'helpful', t: 5, actions: '["kill-query:store"]', says: 'It lets go.' },
      { kind: 'harmful', t: 6, actions: '["restart:web","scale:web=9"]', says: 'A herd.' },
    ]);
    expect(all(db, 'SELECT name, endpoint, target, latency, period FROM truth_objective')).toEqual([
      { name: 'answers', endpoint: null, target: 0.999, latency: null, period: 2_592_000_000_000 },
      { name: 'fast', endpoint: 'GET /', target: 0.99, latency: 300_000, period: 3_600_000_000 },
    ]);
  });
});

test('what the simulation measured comes with the end of the run', () => {
  const measured: MeasuredTruth = {
    impacts: [{ service: 1, from: 10, to: 20 }],
    firstObservable: 11,
    firstUserImpact: null,
    sli: [{ objective: 0, bucket: 2, total: 400, bad: 12.5 }],
  };
  written({ measured }, (db) => {
    expect(all(db, 'SELECT * FROM truth_impact')).toEqual([
      { service: 'store', t_from: 10, t_to: 20 },
    ]);
    expect(all(db, 'SELECT * FROM truth_moment')).toEqual([{ name: 'first-observable', t: 11 }]);
    expect(all(db, 'SELECT * FROM truth_sli')).toEqual([
      { objective: 0, bucket: 2, total: 400, bad: 12.5 },
    ]);
  });
});

test('a fork knows its parent, and inputs are rows in their order', () => {
  const inputs = [restart(5), restart(5), restart(40_000_000)];
  written({ inputs, parent: { runId: 'run-1', at: 5 } }, (db) => {
    expect(all(db, 'SELECT parent_id, forked_at FROM run')).toEqual([
      { parent_id: 'run-1', forked_at: 5 },
    ]);
    const action = '{"kind":"restart","service":0,"which":"all"}';
    expect(all(db, 'SELECT * FROM input ORDER BY k')).toEqual([
      { k: 20, t: 5, text: 'restart:web', action },
      { k: 21, t: 5, text: 'restart:web', action },
      { k: 160_000_000, t: 40_000_000, text: 'restart:web', action },
    ]);
  });
});

test('a world is kept with its hash; one that is too large leaves the hash', () => {
  const worlds = [3, limits.checkpointBytesMax + 1, limits.checkpointBytesMax].map(
    (bytes) => new Uint8Array(bytes),
  );
  written({ worlds }, (db) => {
    expect(all(db, 'SELECT t, hash, length(world) AS bytes FROM checkpoint')).toEqual([
      { t: 0, hash: 'hash-0', bytes: 3 },
      { t: 60_000_000, hash: 'hash-1', bytes: null },
      { t: 120_000_000, hash: 'hash-2', bytes: limits.checkpointBytesMax },
    ]);
  });
  const many = Array.from({ length: 18 }, () => new Uint8Array(limits.checkpointBytesMax));
  written({ worlds: many }, (db) => {
    const kept = db.prepare('SELECT count(world), count(hash) FROM checkpoint').raw().get();
    expect(kept).toEqual([limits.checkpointsBytesMax / limits.checkpointBytesMax, 18]);
  });
});

test('the digest covers inputs from their moment on, and no inputs are as none ever were', () => {
  expect(digestOf([])).toBe(digestOf());
  expect(digestOf([restart(5)])).not.toBe(digestOf([]));
  expect(digestOf([restart(5)])).not.toBe(digestOf([restart(6)]));
  const none = keyframesOf([]);
  const some = keyframesOf([restart(35_000_000)]);
  expect(none).toHaveLength(7);
  expect(some.slice(0, 3)).toEqual(none.slice(0, 3));
  expect(some.slice(3).filter((digest) => none.includes(digest))).toEqual([]);
  // Of a batch that is only just over at that moment it is not a part.
  expect(keyframesOf([restart(40_000_000)]).slice(0, 4)).toEqual(none.slice(0, 4));
});

test('the digest of a run without inputs is what it was before there were inputs', () => {
  const empty = createHash('sha256').digest();
  const streams = ['finding', 'score', 'incident', 'health', 'window'];
  const records = createHash('sha256').update(Buffer.from([0x6f, 0, 0, 0, 0]));
  for (let i = 0; i < 6; i++) records.update(Buffer.alloc(8));
  const whole = createHash('sha256').update(records.digest());
  for (const stream of streams) whole.update(stream).update(empty);
  expect(digestOf()).toBe(whole.digest('hex'));
});
