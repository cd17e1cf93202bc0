/** Ground truth in the run file: what the scenario says of it, and what the simulation measured. */
import type { Scenario } from '../scenario/model.ts';
import type { Connection } from './database.ts';
import type { MeasuredTruth } from './model.ts';

/** What is known before the first record. */
export function insertTruth(db: Connection, scenario: Scenario): void {
  db.prepare('INSERT INTO scenario (path, source) VALUES (?, ?)').run(
    scenario.file,
    scenario.source,
  );
  insertFaults(db, scenario);
  insertCause(db, scenario);
  insertStory(db, scenario);
  insertObjectives(db, scenario);
}

/** What the simulation knows when it is over. */
export function insertMeasured(db: Connection, measured: MeasuredTruth): void {
  const impact = db.prepare(
    'INSERT INTO truth_impact (service, t_from, t_to) SELECT name, ?, ? FROM service WHERE id = ?',
  );
  for (const { service, from, to } of measured.impacts) impact.run(from, to, service);
  const moment = db.prepare('INSERT INTO truth_moment (name, t) VALUES (?, ?)');
  const { firstObservable, firstUserImpact } = measured;
  if (firstObservable !== null) moment.run('first-observable', firstObservable);
  if (firstUserImpact !== null) moment.run('first-user-impact', firstUserImpact);
  const sli = db.prepare(
    'INSERT INTO truth_sli (objective, bucket, total, bad) VALUES (?, ?, ?, ?)',
  );
  for (const { objective, bucket, total, bad } of measured.sli) {
    sli.run(objective, bucket, total, bad);
  }
}

function insertFaults(db: Connection, scenario: Scenario): void {
  const fault = db.prepare(
    'INSERT INTO truth_fault (id, kind, service, t_from, t_to, parameters) VALUES (?, ?, ?, ?, ?, ?)',
  );
  if (scenario.kind === 'simulated') {
    for (const f of scenario.faults) {
      // One that only an action begins has no time, and is no part of what happens by itself.
      if (f.at === Infinity) continue;
      const service = scenario.services[f.service]?.name ?? '';
      fault.run(f.id, f.kind, service, f.at, f.until, JSON.stringify(f));
    }
    return;
  }
  scenario.truth.windows.forEach((w, i) => {
    const service = scenario.truth.rootCause?.service ?? '';
    fault.run(`window-${i + 1}`, 'recorded', service, w.from, w.to, '{}');
  });
}

function insertCause(db: Connection, { truth }: Scenario): void {
  if (!truth.rootCause) return;
  db.prepare(
    `INSERT INTO truth_cause (service, fault, category, also_accepted, "trigger", contributing,
       latent, also_accepted_services) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    truth.rootCause.service,
    truth.rootCause.fault,
    truth.category ?? 'none',
    JSON.stringify(truth.alsoAccepted),
    truth.trigger,
    JSON.stringify(truth.contributing),
    truth.latent,
    JSON.stringify(truth.alsoAcceptedServices),
  );
}

function insertStory(db: Connection, { truth }: Scenario): void {
  const edge = db.prepare('INSERT INTO truth_edge (n, caller, callee) VALUES (?, ?, ?)');
  truth.propagation.forEach(({ from, to }, n) => edge.run(n, from, to));
  const clue = db.prepare('INSERT INTO truth_clue (n, says, checks) VALUES (?, ?, ?)');
  truth.clues.forEach(({ says, checks }, n) => clue.run(n, says, JSON.stringify(checks)));
  const herring = db.prepare(
    'INSERT INTO truth_herring (n, says, falsified_says, checks) VALUES (?, ?, ?, ?)',
  );
  truth.redHerrings.forEach(({ says, falsifiedBy }, n) =>
    herring.run(n, says, falsifiedBy.says, JSON.stringify(falsifiedBy.checks)),
  );
  const action = db.prepare(
    'INSERT INTO truth_action (n, kind, t, actions, says) VALUES (?, ?, ?, ?, ?)',
  );
  const claims = [
    ...truth.helpful.map((claim) => ['helpful', claim] as const),
    ...truth.harmful.map((claim) => ['harmful', claim] as const),
  ];
  claims.forEach(([kind, { at, actions, says }], n) =>
    action.run(n, kind, at, JSON.stringify(actions), says),
  );
}

function insertObjectives(db: Connection, { objectives }: Scenario): void {
  const objective = db.prepare(
    `INSERT INTO truth_objective (objective, name, service, endpoint, target, latency, period)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  objectives.forEach(({ name, service, endpoint, target, latencyUs, windowUs }, index) => {
    const latency = Number.isFinite(latencyUs) ? latencyUs : null;
    objective.run(index, name, service, endpoint, target, latency, windowUs);
  });
}
