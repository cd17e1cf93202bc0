import { Type } from 'typebox';
import { WorkbenchError } from '../errors.ts';
import { jsonObject } from './json-column.ts';
import { parametersOfText } from '../templates/index.ts';
import { KnownTemplates } from './known-templates.ts';
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
    const [row] = run.tuples<[...StoredLog, attributes: string | null, template: number | null]>(
      `SELECT ${logColumns}, attributes, template_id FROM log WHERE k = ?`,
      k,
    );
    const playhead = row && run.playhead(t ?? row[1]);
    if (!row || playhead === undefined || row[1] > playhead) {
      throw new WorkbenchError('NOT_IN_RUN', { what: 'log record', name: k, t });
    }
    const [key, time, service, severity, body, trace, attributes, id] = row;
    const known = id === null ? undefined : new KnownTemplates(run, playhead).of(id);
    const shown = logRowOf(run, [key, time, service, severity, body, trace]);
    const template = known
      ? { id: known.id, text: known.text, parameters: parametersOfText(known.text, body) }
      : null;
    return { ...shown, body, truncated: false, attributes: jsonObject(attributes), template };
  },
);
