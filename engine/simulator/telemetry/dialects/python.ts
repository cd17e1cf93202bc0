/** Python: the logging module's usual pattern, tracebacks, errors of requests, SQLAlchemy and redis-py. */
import { severityNumbers } from '../../../sdk/index.ts';
import { addressOf, hostOf, portOf, urlOf, waitedMs } from './callee.ts';
import { failureText, poolUseOf, type ClientWords } from './client.ts';
import type { Dialect, Failure, Line, LineContext } from './dialect.ts';
import { oneLine, tail } from './escape.ts';
import { withComma } from './instant.ts';
import { mebibytes, say, seconds, type LifecycleWords } from './lifecycle.ts';
import {
  ownFailureText,
  plain,
  type OwnDetails,
  type OwnText,
  type OwnWords,
} from './own-failure.ts';
import { resourceOf } from './resource.ts';
import { subjectOf } from './subject.ts';

const client: ClientWords = {
  ok: (f) => `${f.method} ${urlOf(f)} returned ${f.status} after ${waitedMs(f)} ms`,
  unreachable: (f) => connection(f, '[Errno 111] Connection refused'),
  reset: (f) =>
    f.calleeKind === 'database'
      ? `(psycopg2.OperationalError) server closed the connection unexpectedly (${f.callee})`
      : `requests.exceptions.ConnectionError: ${f.callee}: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))`,
  timeout: (f) =>
    f.calleeKind === 'database'
      ? `(psycopg2.errors.QueryCanceled) canceling statement due to statement timeout after ${waitedMs(f)} ms (${f.callee})`
      : f.calleeKind === 'cache'
        ? `redis.exceptions.TimeoutError: Timeout reading from ${hostOf(f)} after ${waitedMs(f)} ms`
        : f.calleeKind === 'queue'
          ? `kafka.errors.KafkaTimeoutError: Failed to update metadata after ${waitedMs(f)} ms (${hostOf(f)})`
          : `requests.exceptions.ReadTimeout: HTTPConnectionPool(host='${f.callee}', port=${portOf(f)}): Read timed out. (${f.method} ${f.path}, ${waitedMs(f)} ms)`,
  poolTimeout: (f) =>
    `sqlalchemy.exc.TimeoutError: QueuePool ${f.pool} limit reached, connection to ${f.callee} timed out, timeout ${(f.elapsedMs / 1000).toFixed(2)}${poolUseOf(f)}`,
  breakerOpen: (f) =>
    `pybreaker.CircuitBreakerError: Timeout not elapsed yet, circuit breaker ${f.callee} still open`,
  bulkheadFull: (f) => `BulkheadFullError: no free slot for ${f.callee}`,
  tls: (f) =>
    `requests.exceptions.SSLError: HTTPSConnectionPool(host='${f.callee}', port=443): [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1006)`,
  dns: (f) =>
    connection(
      f,
      f.dnsAnswer === 'nxdomain'
        ? '[Errno -2] Name or service not known'
        : '[Errno -3] Temporary failure in name resolution',
    ),
  missing: (f) =>
    `sqlalchemy.exc.NoResultFound: No row was found when one was required (${f.callee})`,
  http: (f, status) =>
    `requests.exceptions.HTTPError: ${status} ${status >= 500 ? 'Server' : 'Client'} Error for url: ${urlOf(f)} (${f.method})`,
  database: (f, { severity, code, text }) =>
    severity === 'FATAL'
      ? `(psycopg2.OperationalError) connection to server at "${f.callee}", port 5432 failed: FATAL:  ${text}`
      : `(psycopg2.errors.${errorClasses[code] ?? 'DatabaseError'}) ${text} (${f.callee})`,
  cache: (f, text) => `redis.exceptions.ResponseError: ${text} (${hostOf(f)})`,
  queue: (f, { code, text }) => `kafka.errors.KafkaError: [${code}] ${text} (${hostOf(f)})`,
};

function connection(failure: Failure, reason: string): string {
  const { callee, calleeKind, path } = failure;
  switch (calleeKind) {
    case 'database':
      return `(psycopg2.OperationalError) connection to server at "${callee}" (${addressOf(failure)}) failed: ${reason}`;
    case 'cache':
      return `redis.exceptions.ConnectionError: ${reason} connecting to ${hostOf(failure)}`;
    case 'queue':
      return `kafka.errors.NoBrokersAvailable: ${hostOf(failure)}: ${reason}`;
    default:
      return `requests.exceptions.ConnectionError: HTTPConnectionPool(host='${callee}', port=${portOf(failure)}): Max retries exceeded with url: ${path} (Caused by NewConnectionError('${reason}'))`;
  }
}

/** psycopg2 has a class for each SQLSTATE. */
const errorClasses: Readonly<Record<string, string>> = {
  '55P03': 'LockNotAvailable',
  '57014': 'QueryCanceled',
  '54000': 'ProgramLimitExceeded',
  '2200H': 'SequenceGeneratorLimitExceeded',
  '22003': 'NumericValueOutOfRange',
  '53100': 'DiskFull',
  '40001': 'SerializationFailure',
  '40P01': 'DeadlockDetected',
  '25P02': 'InFailedSqlTransaction',
  XX000: 'InternalError_',
};

const own: OwnWords = {
  bugs: [
    (d) => raised(d, `KeyError: '${d.subject.singular}_id'`, `payload["${d.subject.singular}_id"]`),
    (d) =>
      raised(
        d,
        "AttributeError: 'NoneType' object has no attribute 'total'",
        `return ${d.subject.singular}.total + fees`,
      ),
    (d) =>
      raised(
        d,
        'TypeError: can only concatenate str (not "int") to str',
        `key = "${d.subject.singular}:" + row.id`,
      ),
    (d) =>
      raised(
        d,
        "decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]",
        'amount = Decimal(payload["amount"])',
      ),
  ],
  said: (d) =>
    raised(
      d,
      /^[\w.]+(?:Error|Exception)\b/.test(d.failure.message)
        ? d.failure.message
        : `RuntimeError: ${d.failure.message}`,
      `result = ${d.subject.singular}_service.handle(payload)`,
    ),
  token: (d) =>
    raised(
      d,
      'jwt.exceptions.ImmatureSignatureError: The token is not yet valid (iat): token used before issued',
      'claims = jwt.decode(token, key, algorithms=["RS256"])',
    ),
  stale: (d) => plain(`${d.subject.singular} ${d.id} not found`),
  lockTimeout: (d) =>
    raised(
      d,
      `redis.exceptions.LockError: Unable to acquire lock ${d.subject.singular}:${d.id} within the time specified`,
      `with lock(${d.subject.singular}):`,
    ),
  exhausted: (d) => {
    const { counter, max } = d.failure;
    switch (resourceOf(counter)) {
      case 'files':
        return raised(d, 'OSError: [Errno 24] Too many open files', 'with open(path) as source:');
      case 'threads':
        return raised(d, "RuntimeError: can't start new thread", 'thread.start()');
      case 'connections':
        return raised(
          d,
          'OSError: [Errno 99] Cannot assign requested address',
          'sock.connect(address)',
        );
      default:
        return raised(d, `OverflowError: ${counter} exceeds ${max}`, 'number = next(counter)');
    }
  },
  diskFull: (d) =>
    raised(d, 'OSError: [Errno 28] No space left on device', 'journal.write(record)'),
  killed: (d) => raised(d, 'asyncio.exceptions.CancelledError', 'await task'),
  shed: () => plain('load shed: too many requests in flight, answering 429'),
  refused: ({ failure }) => plain(`request rejected: backlog full (${failure.max} waiting)`),
};

/** Flask's words; the error itself stands at the end of the traceback, as Python has it. */
function raised({ failure, subject }: OwnDetails, error: string, source: string): OwnText {
  return {
    message: `Exception on ${failure.path} [${failure.method}]: ${error}`,
    stack: traceback(subject.plural, error, source),
  };
}

function traceback(module: string, error: string, source: string): string {
  return [
    'Traceback (most recent call last):',
    '  File "/usr/local/lib/python3.12/site-packages/flask/app.py", line 882, in full_dispatch_request',
    '    rv = self.dispatch_request()',
    `  File "/app/${module}/views.py", line 74, in handle`,
    '    return service.handle(request.get_json())',
    `  File "/app/${module}/service.py", line 131, in handle`,
    `    ${source}`,
    error,
  ].join('\n');
}

const lifecycle: Partial<LifecycleWords> = {
  started: ({ version, tookMs }, { service }) =>
    say(
      severityNumbers.info,
      `${service} ${version}: Application startup complete after ${seconds(tookMs)}s. Listening at: http://0.0.0.0:8080`,
      'gunicorn.error',
    ),
  stopping: ({ inFlight }) =>
    say(
      severityNumbers.info,
      `Handling signal: term, waiting for ${inFlight} requests`,
      'gunicorn.error',
    ),
  'heap-exhausted': ({ limitBytes }) => ({
    severity: severityNumbers.error,
    message: `MemoryError with ${mebibytes(limitBytes)} MiB in use`,
    stack: traceback('core', 'MemoryError', 'rows = list(cursor)'),
  }),
  poison: ({ topic, partition, offset, attempt }) => ({
    severity: severityNumbers.error,
    message: `cannot handle message ${topic}-${partition}@${offset} (attempt ${attempt}), will retry`,
    stack: traceback(
      'consumer',
      'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)',
      'event = json.loads(message.value)',
    ),
  }),
};

export const python: Dialect = {
  write,
  failure: (failure) => failureText(client, failure),
  ownFailure: (failure) => ownFailureText(own, failure),
  success: ({ method, path, status, ms }) => ({
    message: `"${method} ${path} HTTP/1.1" ${status} ${ms}ms`,
    fields: [],
    logger: 'gunicorn.access',
  }),
  trace: ({ path, reason }) => {
    const { plural, singular } = subjectOf(path);
    return traceback(plural, reason, `response = client.call_${singular}(payload)`);
  },
  lifecycle,
};

function write(context: LineContext, { severity, message, fields, logger, stack }: Line): string {
  const module = logger || `${context.service}.views`;
  const pid = 7 + (context.flavour & 7);
  const text = `${withComma(context.wall)} ${levelOf(severity)} [${pid}] ${module}: ${oneLine(message)}${tail(fields)}`;
  return stack ? `${text}\n${stack}` : text;
}

function levelOf(severity: number): string {
  if (severity >= 17) return severity >= 21 ? 'CRITICAL' : 'ERROR';
  if (severity >= 9) return severity >= 13 ? 'WARNING' : 'INFO';
  return 'DEBUG';
}
