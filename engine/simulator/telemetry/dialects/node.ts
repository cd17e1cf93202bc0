/** Node: one JSON object a line, as pino writes it; errors of undici, ioredis, pg and kafkajs. */
import { severityNumbers } from '../../../sdk/index.ts';
import { addressOf, hostOf, portOf, urlOf, waitedMs } from './callee.ts';
import { failureText, poolUseOf, type ClientWords } from './client.ts';
import type { Dialect, Line, LineContext } from './dialect.ts';
import { mebibytes, say, type LifecycleWords } from './lifecycle.ts';
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
  ok: (f) => `${f.method} ${urlOf(f)} answered ${f.status} in ${waitedMs(f)}ms`,
  unreachable: (f) => `connect ECONNREFUSED ${addressOf(f)} (${f.callee})`,
  reset: (f) => `read ECONNRESET ${hostOf(f)}: socket hang up`,
  timeout: (f) =>
    f.calleeKind === 'database'
      ? `Query read timeout after ${waitedMs(f)}ms (${f.callee})`
      : f.calleeKind === 'cache'
        ? `Command timed out after ${waitedMs(f)}ms (${hostOf(f)})`
        : f.calleeKind === 'queue'
          ? `KafkaJSRequestTimeoutError: Request Produce(key: 0, version: 7) timed out after ${waitedMs(f)}ms, broker ${hostOf(f)}`
          : `timeout of ${waitedMs(f)}ms exceeded: ${f.method} ${urlOf(f)} (ETIMEDOUT)`,
  poolTimeout: (f) =>
    `${f.pool}: timeout exceeded when trying to connect to ${f.callee}, waited ${waitedMs(f)}ms${poolUseOf(f)}`,
  breakerOpen: (f) => `EOPENBREAKER: Breaker is open (${f.callee} ${f.method} ${f.path})`,
  bulkheadFull: (f) => `ESEMLOCKED: Semaphore locked (${f.callee} ${f.method} ${f.path})`,
  tls: (f) => `certificate has expired (CERT_HAS_EXPIRED), ${f.callee}:${securePort(portOf(f))}`,
  dns: (f) => `getaddrinfo ${f.dnsAnswer === 'nxdomain' ? 'ENOTFOUND' : 'EAI_AGAIN'} ${f.callee}`,
  missing: (f) => `NotFoundError: no ${subjectOf(f.path).singular} in result (${f.callee})`,
  http: (f, status) => `Request failed with status code ${status}: ${f.method} ${urlOf(f)}`,
  database: (f, { severity, code, text }) =>
    `${f.callee} query failed: ${text} (severity=${severity} code=${code})`,
  cache: (f, text) => `ReplyError: ${text} (${hostOf(f)})`,
  queue: (f, { code, text }) => `KafkaJSProtocolError: ${text} (${code}, broker ${hostOf(f)})`,
};

const own: OwnWords = {
  bugs: [
    (d) =>
      thrown(d, 'TypeError', `Cannot read properties of undefined (reading 'id')`, [
        `to${d.subject.type}View (/app/dist/${d.subject.plural}/view.js:48:31)`,
        `Array.map (<anonymous>)`,
      ]),
    (d) =>
      thrown(d, 'SyntaxError', 'Unexpected token < in JSON at position 0', [
        'JSON.parse (<anonymous>)',
        'parseBody (/app/node_modules/undici/lib/fetch/body.js:412:19)',
      ]),
    (d) =>
      thrown(d, 'RangeError', 'Invalid time value', [
        'Date.toISOString (<anonymous>)',
        `serialise (/app/dist/${d.subject.plural}/serialise.js:17:26)`,
      ]),
    (d) =>
      thrown(d, 'AssertionError', `${d.subject.singular} total must not be negative`, [
        `check${d.subject.type} (/app/dist/${d.subject.plural}/rules.js:83:5)`,
      ]),
  ],
  said: (d) => thrown(d, 'Error', d.failure.message, []),
  token: (d) =>
    thrown(d, 'NotBeforeError', 'jwt not active: token used before issued', [
      '/app/node_modules/jsonwebtoken/verify.js:142:21',
    ]),
  stale: ({ subject, id }) => plain(`${subject.singular} ${id} not found`),
  lockTimeout: (d) =>
    thrown(d, 'LockTimeoutError', `could not lock ${d.subject.singular} ${d.id} in time`, []),
  exhausted: (d) => {
    const { counter, max } = d.failure;
    switch (resourceOf(counter)) {
      case 'files':
        return thrown(d, 'Error', `EMFILE: too many open files, open '/app/config/rates.json'`, []);
      case 'threads':
        return thrown(d, 'Error', 'Worker failed to start: EAGAIN, ERR_WORKER_INIT_FAILED', []);
      case 'connections':
        return thrown(d, 'Error', 'connect EADDRNOTAVAIL: no local port left', []);
      default:
        return thrown(d, 'RangeError', `${counter} has no value after ${max}`, []);
    }
  },
  diskFull: (d) => thrown(d, 'Error', 'ENOSPC: no space left on device, write', []),
  killed: (d) => thrown(d, 'AbortError', 'The operation was aborted', []),
  shed: () => plain('load shed: service is protecting itself, answered 429'),
  refused: ({ failure }) => plain(`request rejected: queue full (${failure.max} waiting)`),
};

function thrown(
  { failure, subject }: OwnDetails,
  type: string,
  message: string,
  frames: readonly string[],
): OwnText {
  return {
    message: `${type === 'Error' ? '' : `${type}: `}${message}`,
    stack: stackOf(failure.path, subject.plural, `${type}: ${message}`, frames),
  };
}

function stackOf(path: string, plural: string, head: string, frames: readonly string[]): string {
  const { type } = subjectOf(path);
  return [
    head,
    ...frames,
    `async ${type}Service.handle (/app/dist/${plural}/service.js:112:20)`,
    `async Object.<anonymous> (/app/dist/${plural}/routes.js:31:22)`,
    'async preHandlerCallback (/app/node_modules/fastify/lib/handleRequest.js:126:7)',
  ].join('\n    at ');
}

const lifecycle: Partial<LifecycleWords> = {
  started: ({ version, tookMs }, { service }) =>
    say(
      severityNumbers.info,
      `${service} ${version}: Server listening at http://0.0.0.0:8080 (ready after ${Math.round(tookMs)}ms)`,
    ),
  stopping: ({ inFlight }) =>
    say(severityNumbers.info, `SIGTERM received, closing server, ${inFlight} requests in flight`),
  'gc-pause': ({ number, beforeBytes, afterBytes, pauseMs }) =>
    say(
      severityNumbers.debug,
      `gc ${number}: scavenge ${mebibytes(beforeBytes)} -> ${mebibytes(afterBytes)} MB, ${pauseMs.toFixed(1)}ms`,
    ),
  'long-gc': ({ number, beforeBytes, afterBytes, totalBytes, pauseMs }) =>
    say(
      severityNumbers.warn,
      `gc ${number}: Mark-sweep (reduce) ${mebibytes(beforeBytes)} (${mebibytes(totalBytes)}) -> ${mebibytes(afterBytes)} (${mebibytes(totalBytes)}) MB, ` +
        `${pauseMs.toFixed(1)} / 0.0 ms allocation failure; scavenge might not succeed`,
    ),
  'heap-exhausted': ({ limitBytes }) => ({
    severity: severityNumbers.fatal,
    // V8 writes this itself, past the logger.
    verbatim: true,
    message: `FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory (limit ${mebibytes(limitBytes)} MB)\n 1: 0xb7a940 node::Abort() [node]\n 2: 0xa8e823 void node::FatalError(char const*, char const*) [node]`,
  }),
  'breaker-opened': ({ callee, failureShare, calls }) =>
    say(
      severityNumbers.warn,
      `breaker open: ${callee} (${(failureShare * 100).toFixed(1)}% of ${calls} calls failed)`,
    ),
  'breaker-closed': ({ callee }) => say(severityNumbers.info, `breaker close: ${callee}`),
};

export const node: Dialect = {
  write,
  failure: (failure) => failureText(client, failure),
  ownFailure: (failure) => ownFailureText(own, failure),
  success: ({ method, path, status, ms }) => ({
    message: 'request completed',
    fields: [
      ['method', method],
      ['url', path],
      ['status', status],
      ['responseTime', ms],
    ],
  }),
  trace: ({ path, reason }) => stackOf(path, subjectOf(path).plural, `Error: ${reason}`, []),
  lifecycle,
};

function write(context: LineContext, line: Line): string {
  const { severity, message, fields, logger, stack } = line;
  let text = `{"level":${levelOf(severity)},"time":${context.wallMs},"pid":1,"hostname":${JSON.stringify(context.instance)}`;
  if (logger) text += `,"name":${JSON.stringify(logger)}`;
  if (context.traceId !== '') text += `,"trace_id":${JSON.stringify(context.traceId)}`;
  if (fields) {
    for (const [name, value] of fields) text += `,"${name}":${JSON.stringify(value)}`;
  }
  if (stack) text += `,"err":${errorObject(stack)}`;
  return `${text},"msg":${JSON.stringify(message)}}`;
}

function levelOf(severity: number): number {
  if (severity >= 17) return severity >= 21 ? 60 : 50;
  if (severity >= 9) return severity >= 13 ? 40 : 30;
  return severity >= 5 ? 20 : 10;
}

/** pino's serialiser of errors: the first line of a stack is `Type: message`. */
function errorObject(stack: string): string {
  const end = stack.indexOf('\n');
  const head = end < 0 ? stack : stack.slice(0, end);
  const colon = head.indexOf(': ');
  const type = colon < 0 ? 'Error' : head.slice(0, colon);
  return JSON.stringify({ type, message: head.slice(colon < 0 ? 0 : colon + 2), stack });
}

function securePort(port: number): number {
  return port === 8080 ? 8443 : port;
}
