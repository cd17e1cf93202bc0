/** The third step of the tables: templates of logs, as they were known at any moment, and their counts. */

const newTables = `
-- what was learned of a template at t: the last row at or before a moment is what was known then. Its
-- text may become more general; where merged_into is set it has none, and that one speaks for it. In
-- log a row keeps the template_id of its moment; null where none was kept
CREATE TABLE template (
  k INTEGER PRIMARY KEY, t INTEGER NOT NULL, template_id INTEGER NOT NULL, text TEXT,
  merged_into INTEGER
) STRICT;
-- records by the template_id that they bear, in each ten seconds that are over
CREATE TABLE rollup_template (
  bucket INTEGER NOT NULL, template_id INTEGER NOT NULL, service_id INTEGER NOT NULL,
  level INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (bucket, template_id, service_id, level)
) STRICT, WITHOUT ROWID;
`;

export const templateStep = {
  sql: newTables,
  standIn: newTables.replaceAll('CREATE TABLE', 'CREATE TEMP TABLE'),
};
