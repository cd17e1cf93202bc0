/** Go: logfmt, errors wrapped from the inside out, panics with their goroutine. */
import { severityNumbers } from '../../../sdk/index.ts';
import { addressOf, hostOf, urlOf, waitedMs } from './callee.ts';
import { failureText, poolUseOf, type ClientWords } from './client.ts';
import type { Dialect, Failure, Line, LineContext } from './dialect.ts';
import { logfmtValue } from './escape.ts';
import { wholeSecond } from './instant.ts';
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

const client: ClientWords = {
  ok: (f) => `${f.method} ${urlOf(f)}: status ${f.status} after ${waitedMs(f)}ms`,
  unreachable: (f) => wrap(f, `dial tcp ${addressOf(f)}: connect: connection refused`),
  reset: (f) => wrap(f, `read tcp ${addressOf(f)}: read: connection reset by peer`),
  timeout: (f) =>
    f.calleeKind === 'database'
      ? `query ${f.callee}: timeout: context deadline exceeded after ${waitedMs(f)}ms`
      : f.calleeKind === 'cache'
        ? `redis ${f.callee}: read tcp ${addressOf(f)}: i/o timeout after ${waitedMs(f)}ms`
        : f.calleeKind === 'queue'
          ? `queue ${f.callee}: read tcp ${addressOf(f)}: i/o timeout after ${waitedMs(f)}ms`
          : wrap(
              f,
              `context deadline exceeded (Client.Timeout exceeded while awaiting headers) after ${waitedMs(f)}ms`,
            ),
  poolTimeout: (f) =>
    `acquire connection to ${f.callee} from pool ${f.pool}: context deadline exceeded after ${waitedMs(f)}ms${poolUseOf(f)}`,
  breakerOpen: (f) => wrap(f, 'circuit breaker is open'),
  bulkheadFull: (f) => wrap(f, `bulkhead ${f.callee} is full: semaphore: no permit available`),
  tls: (f) =>
    wrap(
      f,
      `tls: failed to verify certificate: x509: certificate has expired or is not yet valid${validity(f)}`,
    ),
  dns: (f) => wrap(f, `dial tcp: lookup ${f.callee} on 10.96.0.10:53: ${resolverWords(f)}`),
  missing: (f) => `query ${f.callee}: sql: no rows in result set`,
  http: (f, status) => `${f.method} ${urlOf(f)}: unexpected status ${status}`,
  database: (f, { severity, code, text }) =>
    severity === 'FATAL'
      ? `failed to connect to \`host=${f.callee} user=app database=shop\`: server error (FATAL: ${text} (SQLSTATE ${code}))`
      : `query ${f.callee}: ERROR: ${text} (SQLSTATE ${code})`,
  cache: (f, text) => `redis ${hostOf(f)}: ${text}`,
  queue: (f, { text }) => `kafka server ${hostOf(f)}: ${text}`,
};

/** Who was asked for what; drivers name the address only. */
function wrap(failure: Failure, reason: string): string {
  const { method, callee, calleeKind } = failure;
  const stored = calleeKind === 'database' || calleeKind === 'cache' || calleeKind === 'queue';
  if (stored) return `${calleeKind} ${callee}: ${reason}`;
  const verb = method.charAt(0) + method.slice(1).toLowerCase();
  return `${verb} "${urlOf(failure)}": ${reason}`;
}

function validity({ wall, certificateEnd }: Failure): string {
  if (wall === undefined || certificateEnd === undefined) return '';
  return `: current time ${wholeSecond(wall)} is after ${wholeSecond(certificateEnd)}`;
}

function resolverWords({ dnsAnswer }: Failure): string {
  if (dnsAnswer === 'nxdomain') return 'no such host';
  return dnsAnswer === 'timeout' ? 'i/o timeout' : 'server misbehaving';
}

const own: OwnWords = {
  bugs: [
    (d) =>
      panicked(d, 'runtime error: invalid memory address or nil pointer dereference', [
        '[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x8f2c14]',
      ]),
    (d) => panicked(d, 'runtime error: index out of range [3] with length 3', []),
    (d) => panicked(d, 'assignment to entry in nil map', []),
    ({ subject }) =>
      plain(
        `decode ${subject.singular}: json: cannot unmarshal string into Go struct field ${subject.type}.amount of type int64`,
      ),
  ],
  said: (d) => plain(d.failure.message),
  token: () => plain('verify token: token has invalid claims: token used before issued'),
  stale: ({ subject, id }) => plain(`${subject.singular} ${id} not found`),
  lockTimeout: ({ subject, id }) =>
    plain(`lock ${subject.singular} ${id}: context deadline exceeded`),
  exhausted: ({ failure, subject }) => {
    switch (resourceOf(failure.counter)) {
      case 'files':
        return plain(
          'http: Accept error: accept tcp [::]:8080: accept4: too many open files; retrying in 5ms',
        );
      case 'threads':
        return plain(
          'fork/exec /usr/local/bin/render: resource temporarily unavailable (pthread_create failed)',
        );
      case 'connections':
        return plain('dial tcp: connect: cannot assign requested address');
      default:
        return plain(
          `insert ${subject.singular}: ${failure.counter}: value out of range after ${failure.max}`,
        );
    }
  },
  diskFull: ({ subject }) =>
    plain(`write /var/lib/app/${subject.plural}.journal: no space left on device`),
  killed: ({ failure }) => plain(`${failure.method} ${failure.path}: context canceled`),
  shed: () => plain('load shed: admission controller over limit, answered 429'),
  refused: ({ failure }) => plain(`request rejected: queue full (${failure.max} waiting)`),
};

/** net/http catches a handler's panic, and shows the goroutine that had it. */
function panicked(
  { failure, subject }: OwnDetails,
  reason: string,
  more: readonly string[],
): OwnText {
  const bits = mix(failure.flavour, 13);
  const { plural, type } = subject;
  const arguments_ = `0xc000${(bits & 0xfffff).toString(16).padStart(6, '0')}`;
  const client = `10.8.${(bits >>> 8) & 127}.${10 + (bits & 31)}:${32_768 + (bits % 28_000)}`;
  const frames = [
    ...more,
    `goroutine ${1 + (bits % 90_000)} [running]:`,
    'net/http.(*conn).serve.func1()',
    '\t/usr/local/go/src/net/http/server.go:1947 +0xbe',
    `panic({0x9a3f40?, 0xe1c2d0?})`,
    '\t/usr/local/go/src/runtime/panic.go:785 +0x132',
    `shop/internal/${plural}.(*Service).load${type}(${arguments_}, {0xb0e5c8, ${arguments_}})`,
    `\t/src/internal/${plural}/service.go:143 +0x1d4`,
    `shop/internal/${plural}.(*Handler).ServeHTTP(${arguments_}, {0xb0d9a0, ${arguments_}}, ${arguments_})`,
    `\t/src/internal/${plural}/handler.go:58 +0x2a9`,
    'net/http.serverHandler.ServeHTTP({0xc00012e000?}, {0xb0d9a0?, 0xc0003a6000?}, 0x6?)',
    '\t/usr/local/go/src/net/http/server.go:3210 +0x8e',
  ];
  return { message: `http: panic serving ${client}: ${reason}`, stack: frames.join('\n') };
}

const lifecycle: Partial<LifecycleWords> = {
  started: ({ version, tookMs }, { service }) =>
    say(
      severityNumbers.info,
      `${service} ${version} ready, listening on [::]:8080 after ${seconds(tookMs)}s`,
    ),
  stopping: ({ inFlight }) =>
    say(severityNumbers.info, `shutting down: signal terminated, waiting for ${inFlight} requests`),
  'gc-pause': (p) => say(severityNumbers.debug, collection(p)),
  'long-gc': (p) => say(severityNumbers.warn, `${collection(p)}, near GOMEMLIMIT`),
  'heap-exhausted': ({ limitBytes }) => ({
    severity: severityNumbers.fatal,
    // The runtime's own cry: nobody formats it.
    verbatim: true,
    message: `fatal error: runtime: out of memory (limit ${mebibytes(limitBytes)} MiB)\n\nruntime stack:\nruntime.throw({0xa1b2c3?, 0x4?})\n\t/usr/local/go/src/runtime/panic.go:1067 +0x48\nruntime.sysMapOS(0xc04e000000, 0x400000)\n\t/usr/local/go/src/runtime/mem_linux.go:167 +0x11b`,
  }),
  'breaker-opened': ({ callee, failureShare, calls }) =>
    say(
      severityNumbers.warn,
      `circuit breaker ${callee}: closed -> open, failure ratio ${failureShare.toFixed(3)} over ${calls} calls`,
    ),
  'breaker-closed': ({ callee }) =>
    say(severityNumbers.info, `circuit breaker ${callee}: half-open -> closed`),
};

function collection(gc: {
  readonly number: number;
  readonly beforeBytes: number;
  readonly afterBytes: number;
  readonly totalBytes: number;
  readonly pauseMs: number;
}): string {
  return (
    `gc ${gc.number}: ${mebibytes(gc.beforeBytes)}->${mebibytes(gc.afterBytes)} MB, ` +
    `goal ${mebibytes(gc.totalBytes)} MB, pause ${gc.pauseMs.toFixed(3)}ms`
  );
}

export const go: Dialect = {
  write,
  failure: (failure) => failureText(client, failure),
  ownFailure: (failure) => ownFailureText(own, failure),
  success: ({ method, path, status, ms }) => ({
    message: 'handled request',
    fields: [
      ['method', method],
      ['path', path],
      ['status', status],
      ['dur', `${ms}ms`],
    ],
  }),
  // Errors of Go carry no trace.
  trace: () => '',
  lifecycle,
};

function write(context: LineContext, { severity, message, fields, logger, stack }: Line): string {
  let text = `ts=${context.wall} level=${levelOf(severity)}`;
  if (logger) text += ` logger=${logfmtValue(logger)}`;
  text += ` msg=${JSON.stringify(message)}`;
  if (fields) {
    for (const [name, value] of fields) text += ` ${name}=${logfmtValue(value)}`;
  }
  if (context.traceId !== '') text += ` trace_id=${context.traceId}`;
  return stack ? `${text}\n${stack}` : text;
}

function levelOf(severity: number): string {
  if (severity >= 17) return severity >= 21 ? 'fatal' : 'error';
  if (severity >= 9) return severity >= 13 ? 'warn' : 'info';
  return 'debug';
}
