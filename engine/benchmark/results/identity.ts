/**
 * Whether a database holds results as we write them. It may be a stranger's: views or triggers in place
 * of our tables would have us run what they say, and a text of a gigabyte is as quickly made as read.
 */
import Database from 'better-sqlite3';
import { limits } from '../../limits.ts';
import { tables } from './schema.ts';

/** Objects of a schema that are looked at; ours has fewer than twenty. */
const objectsMax = 100;

/** What is wrong with it; '' where nothing is. Throws what SQLite says of a file that it cannot read. */
export function strangenessOf(db: Database.Database): string {
  const found = objectsOf(db);
  const ours = new Set(ownObjects());
  const strange = found.find((one) => !ours.has(one));
  if (strange !== undefined || found.length !== ours.size) return 'its tables are not ours';
  for (const { says, sql, most } of bounds) {
    const value = db.prepare<[], number | null>(sql).pluck().get() ?? 0;
    if (value > most) return `${says}: ${value}, the limit is ${most}`;
  }
  return '';
}

function ownObjects(): string[] {
  const db = new Database(':memory:');
  try {
    db.exec(tables);
    return objectsOf(db);
  } finally {
    db.close();
  }
}

/** Comments in a schema change with its wording, and make no difference. */
function objectsOf(db: Database.Database): string[] {
  return db
    .prepare<[], string>(
      `SELECT type || ' ' || name || ' ' || coalesce(substr(sql, 1, 10000), '') FROM sqlite_schema
       WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1 LIMIT ${objectsMax + 1}`,
    )
    .pluck()
    .all()
    .map((text) => text.replaceAll(/--[^\n]*/g, '').replaceAll(/\s+/g, ' '));
}

const bounds = [
  {
    says: 'items',
    sql: 'SELECT count(*) FROM item',
    most: limits.benchmarkFilesMax,
  },
  {
    says: 'entries',
    sql: 'SELECT count(*) FROM entry',
    most: limits.benchmarkEntriesMax,
  },
  {
    says: 'cells',
    sql: 'SELECT count(*) FROM cell',
    most: limits.benchmarkCellsMax,
  },
  {
    says: 'bytes of a name or title',
    sql: `SELECT max(n) FROM (
      SELECT max(length(id) + length(title) + length(source)) AS n FROM item UNION ALL
      SELECT max(length(name) + length(detectors)) FROM entry UNION ALL
      SELECT max(length(suite) + length(engine_version)) FROM benchmark)`,
    most: limits.benchmarkNameBytesMax,
  },
  {
    says: 'bytes of the board',
    sql: `SELECT max(n) FROM (
      SELECT max(length(board) + length(details)) AS n FROM board UNION ALL
      SELECT max(length(plan)) FROM asked)`,
    most: limits.benchmarkBoardBytesMax,
  },
  {
    says: 'bytes of one cell',
    sql: `SELECT max(n) FROM (
      SELECT max(length(first) + length(second) + length(cost) + coalesce(length(outcome), 0)) AS n FROM cell
      UNION ALL SELECT max(coalesce(length(times) + length(amounts) + length(labels), 0)) FROM item
      UNION ALL SELECT max(coalesce(length(truth), 0)) FROM play)`,
    most: limits.benchmarkCellBytesMax,
  },
] as const;
