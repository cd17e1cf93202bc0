import { Type } from 'typebox';
import { WorkbenchError } from '../errors.ts';
import { jsonObject } from './json-column.ts';
import { logColumns, logRowOf, type StoredLog } from './log-row.ts';
import { keyParameter, question, timeParameter } from './question.ts';
import type { LogDetail } from './types.ts';

/** One log record with its whole body and its attributes. */
export const log = question(
  Type.Object(
    {
      k: keyParameter('Key of the row.'),
      t: Type.Optional(timeParameter('Playhead, µs; a later row is not shown.')),
    },
    { additionalProperties: false },
  ),
  (run, { k, t }): LogDetail => {
    const [row] = run.tuples<[...StoredLog, attributes: string | null]>(
      `SELECT ${logColumns}, attributes FROM log WHERE k = ?`,
      k,
    );
    if (!row || row[1] > run.playhead(t ?? row[1])) {
      throw new WorkbenchError('NOT_IN_RUN', { what: 'log record', name: k, t });
    }
    const [key, time, service, severity, body, trace, attributes] = row;
    const shown = logRowOf(run, [key, time, service, severity, body, trace]);
    return { ...shown, body, truncated: false, attributes: jsonObject(attributes) };
  },
);
