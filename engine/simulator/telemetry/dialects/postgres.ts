/** PostgreSQL: its log with DETAIL and STATEMENT below an error. */
import { Outcome } from '../../requests.ts';
import { severityNumbers } from '../../../sdk/index.ts';
import { failureText } from './client.ts';
import type { Dialect, FailureText, Line, LineContext, OwnFailure } from './dialect.ts';
import { oneLine } from './escape.ts';
import { spaced } from './instant.ts';
import { say, seconds, type LifecycleLine, type LifecycleWords } from './lifecycle.ts';
import { mix } from './mix.ts';
import { postgresError } from './store-errors.ts';
import { subjectOf } from './subject.ts';
import { systemWords } from './system-errors.ts';

const client = systemWords(
  ({ callee }) => `could not connect to the primary server: connection to server at "${callee}"`,
);

/** The client got the same words; what it did not get is how it came about. */
function ownFailure(failure: OwnFailure): FailureText {
  const { cause, flavour } = failure;
  const { text, severity: level } = postgresError({ ...failure, reason: cause });
  const severity = level === 'FATAL' ? severityNumbers.fatal : severityNumbers.error;
  if (text === 'deadlock detected') {
    const [one, other] = [processOf(flavour), processOf(flavour + 1)];
    return {
      severity,
      message: text,
      stack:
        `DETAIL:  Process ${one} waits for ShareLock on transaction ${transactionOf(flavour)}; blocked by process ${other}.` +
        `\n\tProcess ${other} waits for ShareLock on transaction ${transactionOf(flavour) + 3}; blocked by process ${one}.` +
        `\nHINT:  See server log for query details.` +
        `\nSTATEMENT:  ${statementOf(failure)}`,
    };
  }
  const connected = cause !== Outcome.refused && cause !== Outcome.connectionsFull;
  const known = connected && cause !== Outcome.shed && cause !== Outcome.token;
  return { severity, message: text, stack: known ? `STATEMENT:  ${statementOf(failure)}` : '' };
}

function statementOf({
  method,
  path,
  table,
}: {
  method: string;
  path: string;
  table: string;
}): string {
  const relation = table || subjectOf(path).plural;
  switch (method) {
    case 'GET':
    case 'HEAD':
      return `SELECT * FROM ${relation} WHERE id = $1`;
    case 'DELETE':
      return `DELETE FROM ${relation} WHERE id = $1`;
    case 'PUT':
    case 'PATCH':
      return `UPDATE ${relation} SET status = $1, updated_at = now() WHERE id = $2`;
    default:
      return `INSERT INTO ${relation} (customer_id, status, total) VALUES ($1, $2, $3) RETURNING id`;
  }
}

const lifecycle: Partial<LifecycleWords> = {
  started: ({ version }) =>
    say(
      severityNumbers.info,
      `database system is ready to accept connections (configuration ${version})`,
    ),
  stopping: ({ inFlight }) =>
    say(severityNumbers.info, `received fast shutdown request, ${inFlight} statements aborted`),
  'config-loaded': ({ revision }) =>
    say(severityNumbers.info, `received SIGHUP, reloading configuration files (${revision})`),
  'lock-wait': (p, context) => lockLine('still waiting for', p, context),
  'lock-acquired': (p, context) => lockLine('acquired', p, context),
  checkpoint: ({ buffers, writeMs }) =>
    say(
      severityNumbers.info,
      `checkpoint complete: wrote ${buffers} buffers (${(buffers / 163.84).toFixed(1)}%); 0 WAL file(s) added, 0 removed, 3 recycled; ` +
        `write=${seconds(writeMs)} s, sync=0.011 s, total=${seconds(writeMs + 31)} s`,
    ),
  'replica-lag': ({ lagMs, primary }) =>
    say(
      severityNumbers.info,
      `recovery is ${seconds(lagMs)} s behind ${primary}, replay waits for conflicting snapshots`,
    ),
  'slow-statement': ({ ms, statement }) =>
    say(severityNumbers.info, `duration: ${ms.toFixed(3)} ms  execute <unnamed>: ${statement}`),
  'disk-full': ({ path }) =>
    say(
      severityNumbers.fatal,
      `could not write to file "${path}/pg_wal/xlogtemp.4711": No space left on device`,
    ),
};

function lockLine(
  verb: string,
  wait: {
    readonly table: string;
    readonly mode: string;
    readonly waitedMs: number;
    readonly waiting: number;
    readonly statement: string;
  },
  { flavour }: LineContext,
): LifecycleLine {
  const asker = processOf(flavour);
  const relation = 16_385 + (mix(wait.table.length, 41) % 8_000);
  const waiters = Array.from({ length: Math.min(wait.waiting, 8) }, (_, i) =>
    processOf(flavour + i),
  );
  return {
    severity: severityNumbers.info,
    message: `process ${asker} ${verb} ${wait.mode} on relation ${relation} of database 16384 after ${wait.waitedMs.toFixed(3)} ms`,
    stack:
      `DETAIL:  Process holding the lock: ${processOf(flavour - 1)}. Wait queue: ${waiters.join(', ')}.` +
      `\nSTATEMENT:  ${wait.statement}`,
  };
}

export const postgres: Dialect = {
  write,
  failure: (failure) => failureText(client, failure),
  ownFailure,
  success: (success) => ({
    message: `duration: ${success.ms.toFixed(3)} ms  execute <unnamed>: ${statementOf({ ...success, table: success.table ?? '' })}`,
    fields: [],
  }),
  trace: () => '',
  lifecycle,
};

function write(context: LineContext, { severity, message, stack }: Line): string {
  const head = `${spaced(context.wall)} UTC [${processOf(context.flavour)}] app@${context.service} `;
  const text = `${head}${levelOf(severity)}:  ${oneLine(message)}`;
  if (!stack) return text;
  // Each part below has the whole prefix again; only continued lines begin with a tab.
  return `${text}\n${head}${stack.replaceAll('\n', `\n${head}`).replaceAll(`\n${head}\t`, '\n\t')}`;
}

function levelOf(severity: number): string {
  if (severity >= 17) return severity >= 21 ? 'FATAL' : 'ERROR';
  if (severity >= 9) return severity >= 13 ? 'WARNING' : 'LOG';
  return 'DEBUG';
}

function processOf(flavour: number): number {
  return 1000 + ((flavour >>> 0) % 9000);
}

function transactionOf(flavour: number): number {
  return 700_000_000 + (mix(flavour, 42) % 90_000_000);
}
