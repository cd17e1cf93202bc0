/** A row of `log` as people see it. */
import { limits } from '../limits.ts';
import { messageOf } from '../log-message.ts';
import { levelOf, levels, type Level } from '../store/schema.ts';
import type { RunReader } from './reader.ts';
import type { LogRow } from './types.ts';

export const logColumns = 'k, t, service_id, severity, body, trace_id';
/** The same with no more of a body than is shown, and one character to tell that there is more. */
export const shownColumns = logColumns.replace(
  'body',
  `CAST(substr(body, 1, ${limits.shownBodyCharsMax + 1}) AS TEXT)`,
);

export type StoredLog = readonly [
  k: number,
  t: number,
  service: number,
  severity: number,
  body: string,
  trace: string | null,
];

export function logRowOf(run: RunReader, row: StoredLog): LogRow {
  const [k, t, service, severity, body, trace] = row;
  const shown = shorten(body, limits.shownBodyCharsMax);
  return {
    k,
    t,
    service: run.serviceName(service),
    severity,
    level: levelNameOf(severity),
    body: shown,
    message: messageOf(shown),
    truncated: shown.length < body.length,
    traceId: trace,
  };
}

export function levelNameOf(severity: number): Level {
  return levels[levelOf(severity)] ?? 'error';
}

/** At most `units` UTF-16 units, never half of a pair. */
function shorten(text: string, units: number): string {
  if (text.length <= units) return text;
  const last = text.charCodeAt(units - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? units - 1 : units);
}
