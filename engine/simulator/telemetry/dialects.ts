/**
 * How different runtimes write a line: Node (pino), Go (logfmt), Java (Spring's pattern, with stack
 * traces), PostgreSQL, Redis. Each also has its own words for the same failure of a call.
 */
import { Outcome } from '../requests.ts';

export type DialectName = 'pino' | 'logfmt' | 'spring' | 'postgres' | 'redis';

export interface LineContext {
  /** `2026-03-02T09:12:30.250Z` */
  readonly wall: string;
  readonly wallMs: number;
  readonly service: string;
  readonly instance: string;
  /** '' for a line outside of any request. */
  readonly traceId: string;
  /** 32 bits for thread numbers, process ids and the like. */
  readonly flavour: number;
}

export type Fields = readonly (readonly [name: string, value: string | number])[];

/** A line; `severity` is a number of OpenTelemetry. */
export function writeLine(
  dialect: DialectName,
  context: LineContext,
  line: { readonly severity: number; readonly message: string; readonly fields?: Fields },
): string {
  const { severity, message, fields = [] } = line;
  switch (dialect) {
    case 'pino':
      return pino(context, severity, message, fields);
    case 'logfmt':
      return logfmt(context, severity, message, fields);
    case 'spring':
      return spring(context, severity, message, fields);
    case 'postgres':
      return postgres(context, severity, message);
    case 'redis':
      return redis(context, severity, message);
    default:
      return dialect satisfies never;
  }
}

/** What a caller writes when an attempt fails, in the words of its HTTP client or driver. */
export function describeFailure(
  dialect: DialectName,
  failure: {
    readonly outcome: number;
    /** Status of the answer, where there was one. */
    readonly status: number;
    readonly callee: string;
    readonly method: string;
    readonly path: string;
    readonly elapsedMs: number;
    readonly database: boolean;
  },
): string {
  const { outcome, status, callee, method, path, elapsedMs, database } = failure;
  const words = dialect === 'spring' ? (database ? jdbc : java) : dialect === 'logfmt' ? go : node;
  const text = words[outcome] ?? words[Outcome.failed] ?? '';
  return text
    .replaceAll('{callee}', callee)
    .replaceAll('{method}', method)
    .replaceAll('{path}', path)
    .replaceAll('{status}', String(status))
    .replaceAll('{ms}', String(Math.round(elapsedMs)));
}

const node: Readonly<Record<number, string>> = {
  [Outcome.failed]: '{method} http://{callee}:8080{path} answered {status}',
  [Outcome.refused]: '{method} http://{callee}:8080{path} answered 503 (overloaded)',
  [Outcome.unreachable]: 'connect ECONNREFUSED {callee}:8080',
  [Outcome.reset]: 'socket hang up (ECONNRESET) {callee}:8080',
  [Outcome.timeout]: 'timeout of {ms}ms exceeded: {method} http://{callee}:8080{path} (ETIMEDOUT)',
  [Outcome.poolTimeout]: 'timeout exceeded when trying to connect',
};
const go: Readonly<Record<number, string>> = {
  [Outcome.failed]: 'unexpected status {status} from {callee}{path}',
  [Outcome.refused]: 'unexpected status 503 from {callee}{path}: upstream overloaded',
  [Outcome.unreachable]: 'dial tcp: {callee}:8080: connect: connection refused',
  [Outcome.reset]: 'read tcp {callee}:8080: read: connection reset by peer',
  [Outcome.timeout]:
    '{method} "http://{callee}:8080{path}": context deadline exceeded after {ms}ms',
  [Outcome.poolTimeout]: 'acquire connection: context deadline exceeded',
};
const java: Readonly<Record<number, string>> = {
  [Outcome.failed]:
    'HttpServerErrorException: {status} on {method} request for http://{callee}{path}',
  [Outcome.refused]: 'HttpServerErrorException$ServiceUnavailable: 503 from http://{callee}{path}',
  [Outcome.unreachable]: 'java.net.ConnectException: Connection refused: {callee}/8080',
  [Outcome.reset]: 'java.net.SocketException: Connection reset: {callee}/8080',
  [Outcome.timeout]:
    'java.net.SocketTimeoutException: Read timed out after {ms} ms: {callee}{path}',
  [Outcome.poolTimeout]: 'SQLTransientConnectionException: could not obtain a connection',
};
const jdbc: Readonly<Record<number, string>> = {
  [Outcome.failed]: 'PSQLException: ERROR: statement failed on {callee}',
  [Outcome.refused]: 'PSQLException: FATAL: sorry, too many clients already ({callee})',
  [Outcome.unreachable]: 'PSQLException: Connection to {callee}:5432 refused',
  [Outcome.reset]: 'PSQLException: An I/O error occurred while sending to the backend ({callee})',
  [Outcome.timeout]:
    'PSQLException: ERROR: canceling statement due to user request ({ms} ms, {callee})',
  [Outcome.poolTimeout]: 'CannotGetJdbcConnectionException: Failed to obtain JDBC Connection',
};

/** A stack trace as it hangs below a Java error. */
export function stackTrace(service: string, cause: string): string {
  const name = `com.shop.${service.replaceAll('-', '')}`;
  return (
    `\n\tat ${name}.web.Handler.handle(Handler.java:118)` +
    `\n\tat ${name}.core.Service.execute(Service.java:64)` +
    `\nCaused by: ${cause}\n\t... 42 more`
  );
}

function pino(c: LineContext, severity: number, message: string, fields: Fields): string {
  const level = severity >= 21 ? 60 : severity >= 17 ? 50 : severity >= 13 ? 40 : 30;
  const trace = c.traceId === '' ? '' : `,"trace_id":"${c.traceId}"`;
  const rest = fields.map(([name, value]) => `,"${name}":${JSON.stringify(value)}`).join('');
  return `{"level":${level},"time":${c.wallMs},"hostname":${JSON.stringify(c.instance)}${trace}${rest},"msg":${JSON.stringify(message)}}`;
}

function logfmt(c: LineContext, severity: number, message: string, fields: Fields): string {
  const trace = c.traceId === '' ? '' : ` trace_id=${c.traceId}`;
  const rest = fields.map(([name, value]) => ` ${name}=${bare(value)}`).join('');
  return `ts=${c.wall} level=${levelName(severity).toLowerCase()} msg=${JSON.stringify(message)}${rest}${trace}`;
}

function bare(value: string | number): string {
  return typeof value === 'number' || /^[\w./:-]+$/.test(value)
    ? `${value}`
    : JSON.stringify(value);
}

function spring(c: LineContext, severity: number, message: string, fields: Fields): string {
  const when = c.wall.slice(0, -1).replace('T', ' ');
  const thread = `nio-8080-exec-${1 + (c.flavour % 64)}`;
  const rest = fields.map(([name, value]) => ` ${name}=${value}`).join('');
  // The rest goes before a stack trace, not below it.
  const end = message.indexOf('\n');
  const head = end < 0 ? message : message.slice(0, end);
  const tail = end < 0 ? '' : message.slice(end);
  return `${when} ${levelName(severity).padStart(5)} [${thread}] c.s.${c.service} : ${head}${rest}${tail}`;
}

function postgres(c: LineContext, severity: number, message: string): string {
  const level =
    severity >= 21 ? 'FATAL' : severity >= 17 ? 'ERROR' : severity >= 13 ? 'WARNING' : 'LOG';
  const when = c.wall.slice(0, -1).replace('T', ' ');
  return `${when} UTC [${1000 + (c.flavour % 9000)}] app@${c.service} ${level}:  ${message}`;
}

function redis(c: LineContext, severity: number, message: string): string {
  const mark = severity >= 13 ? '#' : severity >= 9 ? '*' : '-';
  const day = `${c.wall.slice(8, 10)} ${months[Number(c.wall.slice(5, 7)) - 1]} ${c.wall.slice(0, 4)}`;
  return `1:M ${day} ${c.wall.slice(11, 23)} ${mark} ${message}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function levelName(severity: number): string {
  return severity >= 21 ? 'FATAL' : severity >= 17 ? 'ERROR' : severity >= 13 ? 'WARN' : 'INFO';
}
