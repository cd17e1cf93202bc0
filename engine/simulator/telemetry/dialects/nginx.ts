/** nginx: its error log. Its access log is in access.ts. */
import { severityNumbers } from '../../../sdk/index.ts';
import { addressOf, hostOf, waitedMs } from './callee.ts';
import { failureText, type ClientWords } from './client.ts';
import type { Dialect, Failure, Line, LineContext } from './dialect.ts';
import { bytesEscaped, oneLine } from './escape.ts';
import { slashed } from './instant.ts';
import { say, type LifecycleWords } from './lifecycle.ts';
import { mix } from './mix.ts';
import { ownFailureText, plain, type OwnWords } from './own-failure.ts';
import { resourceOf } from './resource.ts';
import { clientOf } from './visitors.ts';

const client: ClientWords = {
  ok: (f) => upstream(f, `upstream answered ${f.status} after ${waitedMs(f)}ms`),
  unreachable: (f) =>
    upstream(f, 'connect() failed (111: Connection refused) while connecting to upstream'),
  reset: (f) =>
    upstream(
      f,
      'recv() failed (104: Connection reset by peer) while reading response header from upstream',
    ),
  timeout: (f) =>
    upstream(
      f,
      'upstream timed out (110: Connection timed out) while reading response header from upstream',
    ),
  poolTimeout: (f) => upstream(f, `upstream queue of ${f.pool} timed out after ${waitedMs(f)}ms`),
  breakerOpen: (f) => upstream(f, `no live upstreams while connecting to upstream ${f.callee}`),
  bulkheadFull: (f) =>
    upstream(f, `upstream ${f.callee} queue is full while connecting to upstream`),
  tls: (f) =>
    upstream(
      f,
      'upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream',
    ),
  dns: (f) =>
    f.dnsAnswer === 'nxdomain'
      ? upstream(f, `${f.callee} could not be resolved (3: Host not found)`)
      : f.dnsAnswer === 'timeout'
        ? upstream(f, `${f.callee} could not be resolved (110: Operation timed out)`)
        : upstream(f, `${f.callee} could not be resolved (2: Server failure)`),
  missing: (f) => upstream(f, 'upstream answered without a result'),
  http: (f, status) =>
    upstream(f, `upstream answered ${status} while reading response header from upstream`),
  database: (f, { text }) => upstream(f, `upstream sent error "${text}"`),
  cache: (f, text) => upstream(f, `upstream sent error "${text}"`),
  queue: (f, { text }) => upstream(f, `upstream sent error "${text}"`),
};

/** What nginx adds to each error of a request. */
function upstream(failure: Failure, what: string): string {
  const { flavour = 0, method, path, callee } = failure;
  const target = bytesEscaped(path);
  return (
    `*${1 + (mix(flavour, 31) % 9_000_000)} ${what}, client: ${clientOf(flavour)}, server: ${callee}.shop.example, ` +
    `request: "${method} ${target} HTTP/1.1", upstream: "http://${addressOf(failure)}${target}", host: "${hostOf(failure)}"`
  );
}

const own: OwnWords = {
  bugs: [
    ({ failure }) =>
      plain(`rewrite or internal redirection cycle while processing "${failure.path}"`),
    ({ subject }) =>
      plain(`open() "/usr/share/nginx/html/${subject.plural}.html" failed (13: Permission denied)`),
    () => plain('client intended to send too large body: 10485761 bytes'),
  ],
  said: ({ failure }) => plain(failure.message),
  token: () => plain('auth request unexpected status: 401, token used before issued'),
  stale: ({ subject, id }) =>
    plain(
      `open() "/usr/share/nginx/html/${subject.plural}/${id}" failed (2: No such file or directory)`,
    ),
  lockTimeout: ({ subject }) => plain(`cache lock of "${subject.plural}" timed out`),
  exhausted: ({ failure }) => {
    switch (resourceOf(failure.counter)) {
      case 'files':
        return plain('accept4() failed (24: Too many open files)');
      case 'threads':
        return plain(
          'fork() failed while spawning "worker process" (11: Resource temporarily unavailable)',
        );
      default:
        return plain(`${failure.max || 1024} worker_connections are not enough`);
    }
  },
  diskFull: () =>
    plain(
      'pwrite() "/var/cache/nginx/proxy_temp/4/17/0000000174" failed (28: No space left on device)',
    ),
  killed: () =>
    plain(
      'epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too',
    ),
  shed: ({ failure }) =>
    plain(
      `limiting requests, excess: 20.412 by zone "shop", request: "${failure.method} ${failure.path}"`,
    ),
  refused: ({ failure }) => plain(`${failure.max} worker_connections are not enough`),
};

const lifecycle: Partial<LifecycleWords> = {
  started: ({ version }) =>
    say(severityNumbers.info, `configuration ${version} applied, start worker processes`),
  stopping: () => say(severityNumbers.info, 'signal 15 (SIGTERM) received, exiting'),
  'config-loaded': ({ revision }) =>
    say(severityNumbers.info, `signal 1 (SIGHUP) received, reconfiguring (${revision})`),
  'config-failed': ({ revision, reason }) =>
    say(
      severityNumbers.fatal,
      `invalid configuration ${revision}: ${reason} in /etc/nginx/conf.d/shop.conf:1`,
    ),
  'upstream-ejected': ({ callee, address }) =>
    say(
      severityNumbers.warn,
      `upstream server temporarily disabled while connecting to upstream, upstream: "http://${address}/", host: "${callee}"`,
    ),
  'disk-full': ({ path }) =>
    say(severityNumbers.fatal, `write() to "${path}" failed (28: No space left on device)`),
};

export const nginx: Dialect = {
  write,
  failure: (failure) => failureText(client, failure),
  ownFailure: (failure) => ownFailureText(own, failure),
  // Success is in the access log; the error log has it at its most talkative only.
  success: ({ method, path, status, flavour }) => ({
    message: `*${1 + (mix(flavour, 31) % 9_000_000)} http request "${method} ${path}" done, status ${status}`,
    fields: [],
  }),
  trace: () => '',
  lifecycle,
};

function write(context: LineContext, { severity, message, stack }: Line): string {
  const worker = 29 + (context.flavour & 3);
  const text = `${slashed(context.wall)} [${levelOf(severity)}] ${worker}#${worker}: ${oneLine(message)}`;
  return stack ? `${text}\n${stack}` : text;
}

function levelOf(severity: number): string {
  if (severity >= 17) return severity >= 21 ? 'crit' : 'error';
  if (severity >= 9) return severity >= 13 ? 'warn' : 'notice';
  return 'debug';
}
