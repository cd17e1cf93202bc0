/** Java: Spring Boot's pattern, traces with what they were caused by, the collector's own log. */
import { severityNumbers } from '../../../sdk/index.ts';
import { addressOf, hostOf, urlOf, waitedMs } from './callee.ts';
import { failureText, poolUseOf, type ClientWords } from './client.ts';
import type { Dialect, Failure, Line, LineContext } from './dialect.ts';
import { oneLine, tail } from './escape.ts';
import { spaced } from './instant.ts';
import { mebibytes, say, seconds, type LifecycleWords } from './lifecycle.ts';
import { mix } from './mix.ts';
import {
  ownFailureText,
  plain,
  type OwnDetails,
  type OwnText,
  type OwnWords,
} from './own-failure.ts';
import { resourceOf } from './resource.ts';
import { subjectOf, type Subject } from './subject.ts';

const client: ClientWords = {
  ok: (f) => `${f.method} ${urlOf(f)} answered ${f.status} after ${waitedMs(f)} ms`,
  unreachable: (f) =>
    f.calleeKind === 'database'
      ? `org.postgresql.util.PSQLException: Connection to ${hostOf(f)} refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.`
      : f.calleeKind === 'queue'
        ? `org.apache.kafka.common.errors.DisconnectException: Connection to node 1 (${f.callee}/${addressOf(f)}) could not be established`
        : `java.net.ConnectException: Connection refused: ${f.callee}/${addressOf(f)}`,
  reset: (f) =>
    f.calleeKind === 'database'
      ? `org.postgresql.util.PSQLException: An I/O error occurred while sending to the backend (${f.callee})`
      : `java.net.SocketException: Connection reset: ${f.callee}/${addressOf(f)}`,
  timeout: (f) =>
    f.calleeKind === 'database'
      ? `org.postgresql.util.PSQLException: ERROR: canceling statement due to user request (${waitedMs(f)} ms, ${f.callee})`
      : f.calleeKind === 'cache'
        ? `io.lettuce.core.RedisCommandTimeoutException: Command timed out after ${waitedMs(f)} ms (${hostOf(f)})`
        : f.calleeKind === 'queue'
          ? `org.apache.kafka.common.errors.TimeoutException: Expiring 1 record(s) for ${topicOf(f)}-0:${waitedMs(f)} ms has passed since batch creation (${f.callee})`
          : `java.net.SocketTimeoutException: Read timed out after ${waitedMs(f)} ms: ${f.method} ${urlOf(f)}`,
  poolTimeout: (f) =>
    f.calleeKind === 'database'
      ? `java.sql.SQLTransientConnectionException: ${f.pool} - Connection is not available, request timed out after ${waitedMs(f)}ms${poolUseOf(f)}`
      : `org.apache.hc.core5.http.ConnectionRequestTimeoutException: Timeout deadline: ${waitedMs(f)} MILLISECONDS waiting for connection from pool ${f.pool}${poolUseOf(f)}`,
  breakerOpen: (f) =>
    `io.github.resilience4j.circuitbreaker.CallNotPermittedException: CircuitBreaker '${f.callee}' is OPEN and does not permit further calls`,
  bulkheadFull: (f) =>
    `io.github.resilience4j.bulkhead.BulkheadFullException: Bulkhead '${f.callee}' is full and does not permit further calls`,
  tls: (f) =>
    `javax.net.ssl.SSLHandshakeException: PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed (${f.callee})${notAfter(f)}`,
  dns: (f) =>
    f.dnsAnswer === 'nxdomain'
      ? `java.net.UnknownHostException: ${f.callee}: Name or service not known`
      : `java.net.UnknownHostException: ${f.callee}: Temporary failure in name resolution`,
  missing: (f) =>
    `org.springframework.dao.EmptyResultDataAccessException: Incorrect result size: expected 1, actual 0 (${f.callee})`,
  http: (f, status) =>
    `org.springframework.web.client.${
      status >= 500 ? 'HttpServerErrorException' : 'HttpClientErrorException'
    }: ${status} on ${f.method} request for "${urlOf(f)}"`,
  database: (f, { severity, text }) =>
    `org.postgresql.util.PSQLException: ${severity}: ${text} (${f.callee})`,
  cache: (f, text) => `io.lettuce.core.RedisCommandExecutionException: ${text} (${hostOf(f)})`,
  queue: (f, { text, code }) =>
    `org.apache.kafka.common.errors.ApiException: ${code}: ${text} (${hostOf(f)})`,
};

function notAfter({ certificateEnd }: Failure): string {
  return certificateEnd === undefined ? '' : `: NotAfter: ${certificateEnd}`;
}

function topicOf({ path }: Failure): string {
  return subjectOf(path).plural;
}

const own: OwnWords = {
  bugs: [
    (d) =>
      thrown(
        d,
        `java.lang.NullPointerException: Cannot invoke "com.shop.${d.subject.plural}.${d.subject.type}.getId()" because "${d.subject.singular}" is null`,
      ),
    (d) => thrown(d, `java.lang.IllegalStateException: unexpected null in response`),
    (d) =>
      thrown(
        d,
        `java.lang.ClassCastException: class java.lang.Integer cannot be cast to class java.lang.Long (java.lang.Integer and java.lang.Long are in module java.base of loader 'bootstrap')`,
      ),
    (d) => thrown(d, 'java.util.ConcurrentModificationException'),
  ],
  said: (d) => thrown(d, named(d.failure.message)),
  token: (d) =>
    thrown(
      d,
      `io.jsonwebtoken.PrematureJwtException: JWT early by ${1000 + (mix(d.failure.flavour, 15) % 60_000)} milliseconds: token used before issued`,
    ),
  stale: (d) =>
    thrown(
      d,
      `com.shop.${d.subject.plural}.NotFoundException: ${d.subject.singular} ${d.id} not found`,
    ),
  lockTimeout: (d) =>
    thrown(
      d,
      `org.springframework.dao.CannotAcquireLockException: could not obtain lock on ${d.subject.singular} ${d.id}`,
    ),
  exhausted: (d) => {
    const { counter, max } = d.failure;
    switch (resourceOf(counter)) {
      case 'files':
        return thrown(d, 'java.io.IOException: Too many open files');
      case 'threads':
        return thrown(
          d,
          'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached',
        );
      case 'connections':
        return thrown(d, 'java.net.BindException: Cannot assign requested address');
      default:
        return thrown(d, `java.lang.ArithmeticException: ${counter} overflow after ${max}`);
    }
  },
  diskFull: (d) => thrown(d, 'java.io.IOException: No space left on device'),
  killed: (d) => thrown(d, 'java.util.concurrent.CancellationException: request was cancelled'),
  shed: () => plain('Load shedding: concurrency limit reached, answering 429'),
  refused: ({ failure }) =>
    plain(
      `Task java.util.concurrent.FutureTask@${mix(failure.flavour, 16).toString(16).padStart(8, '0')}[Not completed] rejected from ThreadPoolExecutor[Running, queued tasks = ${failure.max}], answering 503`,
    ),
};

/** A message of a scenario may name its exception; where it does not, it gets one. */
function named(message: string): string {
  return /^[\w.$]+(?:Exception|Error)\b/.test(message)
    ? message
    : `java.lang.RuntimeException: ${message}`;
}

function thrown({ subject, failure }: OwnDetails, exception: string): OwnText {
  const message = `Servlet.service() for servlet [dispatcherServlet] threw exception: ${exception}`;
  return { message, stack: stackOf(subject, failure.method, exception, '') };
}

/** The frames are the program's, so they do not change from one error to the next. */
function stackOf(subject: Subject, method: string, exception: string, cause: string): string {
  const { plural, type } = subject;
  const verb = method === 'GET' ? 'doGet' : 'doPost';
  const frames =
    `${exception}` +
    `\n\tat com.shop.${plural}.core.${type}Service.load(${type}Service.java:118)` +
    `\n\tat com.shop.${plural}.core.${type}Service.execute(${type}Service.java:64)` +
    `\n\tat com.shop.${plural}.web.${type}Controller.handle(${type}Controller.java:41)` +
    `\n\tat java.base/java.lang.reflect.Method.invoke(Method.java:580)` +
    `\n\tat org.springframework.web.servlet.FrameworkServlet.${verb}(FrameworkServlet.java:${verb === 'doGet' ? 903 : 914})` +
    `\n\tat org.apache.catalina.core.ApplicationFilterChain.doFilter(ApplicationFilterChain.java:140)`;
  if (cause === '') return `${frames}\n\t... 42 common frames omitted`;
  return (
    `${frames}\nCaused by: ${cause}` +
    `\n\tat com.shop.${plural}.client.RemoteCall.send(RemoteCall.java:87)` +
    `\n\t... 46 common frames omitted`
  );
}

const lifecycle: Partial<LifecycleWords> = {
  started: ({ version, tookMs }, { service }) =>
    say(
      severityNumbers.info,
      `Started ${typeName(service)}Application ${version} in ${seconds(tookMs)} seconds (process running for ${seconds(tookMs + 812)})`,
    ),
  stopping: ({ inFlight }) =>
    say(
      severityNumbers.info,
      `Commencing graceful shutdown. Waiting for ${inFlight} active requests to complete`,
    ),
  'gc-pause': (p) =>
    say(severityNumbers.info, pause('Young (Normal) (G1 Evacuation Pause)', p), 'gc'),
  'long-gc': (p) => say(severityNumbers.info, pause('Full (G1 Compaction Pause)', p), 'gc'),
  'heap-exhausted': () => ({
    severity: severityNumbers.error,
    message:
      'Servlet.service() for servlet [dispatcherServlet] threw exception: Handler dispatch failed: java.lang.OutOfMemoryError: Java heap space',
    stack: 'java.lang.OutOfMemoryError: Java heap space',
  }),
  'breaker-opened': ({ callee, failureShare, calls }) =>
    say(
      severityNumbers.warn,
      `CircuitBreaker '${callee}' changed state from CLOSED to OPEN (failure rate ${(failureShare * 100).toFixed(1)}% of ${calls} calls)`,
    ),
  'breaker-closed': ({ callee }) =>
    say(severityNumbers.info, `CircuitBreaker '${callee}' changed state from HALF_OPEN to CLOSED`),
  'lease-late': ({ pool, waitMs, total, active, waiting }) =>
    say(
      severityNumbers.warn,
      `${pool} - Connection acquired after ${waitMs}ms (total=${total}, active=${active}, idle=${Math.max(0, total - active)}, waiting=${waiting})`,
      'com.zaxxer.hikari.pool.HikariPool',
    ),
  'consumer-lag': ({ group, topic, partition, lag }) =>
    say(
      severityNumbers.info,
      `[Consumer groupId=${group}] partition ${topic}-${partition} lag ${lag}`,
      'c.s.Consumer',
    ),
  poison: ({ topic, partition, offset, attempt }) => ({
    severity: severityNumbers.error,
    message: `Backoff none exhausted for ${topic}-${partition}@${offset}, attempt ${attempt}: could not deserialise record`,
    stack: `org.apache.kafka.common.errors.RecordDeserializationException: Error deserializing VALUE for partition ${topic}-${partition} at offset ${offset}. If needed, please seek past the record to continue consumption.\nCaused by: com.fasterxml.jackson.core.JsonParseException: Unexpected character ('<' (code 60)): expected a valid value\n\t... 18 common frames omitted`,
  }),
};

function pause(
  kind: string,
  gc: {
    readonly number: number;
    readonly beforeBytes: number;
    readonly afterBytes: number;
    readonly totalBytes: number;
    readonly pauseMs: number;
  },
): string {
  return (
    `GC(${gc.number}) Pause ${kind} ${mebibytes(gc.beforeBytes)}M->${mebibytes(gc.afterBytes)}M` +
    `(${mebibytes(gc.totalBytes)}M) ${gc.pauseMs.toFixed(3)}ms`
  );
}

/** `orders-api` is `OrdersApi`. */
function typeName(service: string): string {
  return service
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

export const java: Dialect = {
  write,
  failure: (failure) => failureText(client, failure),
  ownFailure: (failure) => ownFailureText(own, failure),
  success: ({ method, path, status, ms }) => ({
    message: `Completed ${method} ${path} ${status} in ${ms} ms`,
    fields: [],
    logger: 'c.s.web.RequestLogger',
  }),
  trace: ({ path, reason }) => {
    const subject = subjectOf(path);
    const outer = `com.shop.${subject.plural}.core.CallFailedException: ${subject.singular} call failed`;
    return stackOf(subject, 'POST', outer, reason);
  },
  lifecycle,
};

function write(context: LineContext, { severity, message, fields, logger, stack }: Line): string {
  if (logger === 'gc') {
    // The virtual machine's log: another format in the same stream.
    return `[${context.wall.slice(0, 23)}+0000][info][gc] ${message}`;
  }
  const { flavour, traceId } = context;
  const thread =
    traceId === '' ? `scheduling-${1 + (flavour & 1)}` : `nio-8080-exec-${1 + (flavour & 63)}`;
  const text = `${spaced(context.wall)} ${levelOf(severity)} [${thread}] ${logger || `c.s.${context.service}`} : ${oneLine(message)}${tail(fields)}`;
  return stack ? `${text}\n${stack}` : text;
}

/** Padded to five, as the pattern `%5p` does. */
function levelOf(severity: number): string {
  if (severity >= 17) return severity >= 21 ? 'FATAL' : 'ERROR';
  if (severity >= 9) return severity >= 13 ? ' WARN' : ' INFO';
  return severity >= 5 ? 'DEBUG' : 'TRACE';
}
