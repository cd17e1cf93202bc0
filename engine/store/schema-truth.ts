/**
 * The second step of the tables: where a run came from, what people did to its world, copies of that
 * world, and ground truth in full. Times are µs since the scenario's start, services go by name.
 */

const newTables = `
-- what people did to the world of a simulation; covered by the digest, and no secret
CREATE TABLE input (
  k INTEGER PRIMARY KEY, t INTEGER NOT NULL, text TEXT NOT NULL, action TEXT NOT NULL
) STRICT;
-- the simulated world every so often: a hash that another run compares with, and the world itself,
-- opaque to everybody but the simulator; null where it was too large to keep. It knows the faults
CREATE TABLE checkpoint (t INTEGER PRIMARY KEY, hash TEXT NOT NULL, world BLOB) STRICT;
-- how the trouble travelled, in order
CREATE TABLE truth_edge (n INTEGER PRIMARY KEY, caller TEXT NOT NULL, callee TEXT NOT NULL) STRICT;
-- a sentence, and what to look up in the rows to see that it is so; in checks null is no bound
CREATE TABLE truth_clue (n INTEGER PRIMARY KEY, says TEXT NOT NULL, checks TEXT NOT NULL) STRICT;
-- what misleads, and how one can know that it does
CREATE TABLE truth_herring (
  n INTEGER PRIMARY KEY, says TEXT NOT NULL, falsified_says TEXT NOT NULL, checks TEXT NOT NULL
) STRICT;
CREATE TABLE truth_action (
  n INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('helpful', 'harmful')), t INTEGER NOT NULL,
  actions TEXT NOT NULL, says TEXT NOT NULL
) STRICT;
-- measured in the simulated world: when a service worked worse than it does, half-open
CREATE TABLE truth_impact (service TEXT NOT NULL, t_from INTEGER NOT NULL, t_to INTEGER NOT NULL) STRICT;
-- 'first-observable': from here on the records show it; 'first-user-impact': from here on users feel it
CREATE TABLE truth_moment (name TEXT PRIMARY KEY, t INTEGER NOT NULL) STRICT;
-- latency null: any answer will do; period is what the target is a share of
CREATE TABLE truth_objective (
  objective INTEGER PRIMARY KEY, name TEXT NOT NULL, service TEXT NOT NULL, endpoint TEXT,
  target REAL NOT NULL, latency INTEGER, period INTEGER NOT NULL
) STRICT;
-- what users got in each ten seconds, counted on their side: requests, and those that were not good
CREATE TABLE truth_sli (
  objective INTEGER NOT NULL, bucket INTEGER NOT NULL, total REAL NOT NULL, bad REAL NOT NULL,
  PRIMARY KEY (objective, bucket)
) STRICT, WITHOUT ROWID;
`;

export const truthStep = {
  sql: `
-- a fork: the run that it branched from, and when
ALTER TABLE run ADD COLUMN parent_id TEXT;
ALTER TABLE run ADD COLUMN forked_at INTEGER;
ALTER TABLE run ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE run ADD COLUMN difficulty INTEGER;
-- what set it off, what made it worse, what had been waiting for it, and who else counts as the cause
ALTER TABLE truth_cause ADD COLUMN "trigger" TEXT NOT NULL DEFAULT '';
ALTER TABLE truth_cause ADD COLUMN contributing TEXT NOT NULL DEFAULT '[]';
ALTER TABLE truth_cause ADD COLUMN latent TEXT NOT NULL DEFAULT '';
ALTER TABLE truth_cause ADD COLUMN also_accepted_services TEXT NOT NULL DEFAULT '[]';
${newTables}`,
  standIn: `
CREATE TEMP VIEW run AS SELECT *, NULL AS parent_id, NULL AS forked_at, '[]' AS tags,
  NULL AS difficulty FROM main.run;
CREATE TEMP VIEW truth_cause AS SELECT *, '' AS "trigger", '[]' AS contributing, '' AS latent,
  '[]' AS also_accepted_services FROM main.truth_cause;
${newTables.replaceAll('CREATE TABLE', 'CREATE TEMP TABLE')}`,
};
