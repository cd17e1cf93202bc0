/** Redis: process and role, date, mark, message. */
import { severityNumbers } from '../../../sdk/index.ts';
import { hostOf } from './callee.ts';
import { failureText } from './client.ts';
import type { Dialect, Line, LineContext } from './dialect.ts';
import { oneLine } from './escape.ts';
import { worded } from './instant.ts';
import { mebibytes, say, seconds, type LifecycleWords } from './lifecycle.ts';
import { mix } from './mix.ts';
import { redisError } from './store-errors.ts';
import { systemWords } from './system-errors.ts';

const client = systemWords((f) => `Error condition on socket for SYNC with MASTER ${hostOf(f)}`);

const lifecycle: Partial<LifecycleWords> = {
  started: ({ version }) =>
    say(severityNumbers.info, `Ready to accept connections tcp (image ${version})`),
  stopping: () =>
    say(severityNumbers.warn, 'User requested shutdown... Received SIGTERM scheduling shutdown'),
  'config-loaded': ({ revision }) =>
    say(severityNumbers.info, `Configuration loaded (${revision})`),
  checkpoint: ({ buffers, writeMs }) =>
    say(
      severityNumbers.info,
      `DB saved on disk: ${buffers} keys, fork CoW in use, ${seconds(writeMs)} seconds`,
    ),
  'heap-exhausted': ({ limitBytes }) =>
    say(
      severityNumbers.warn,
      `Can't evict: maxmemory ${mebibytes(limitBytes)}mb reached, noeviction policy`,
    ),
  'replica-lag': ({ lagMs, primary }) =>
    say(
      severityNumbers.warn,
      `MASTER <-> REPLICA sync: ${primary} is ${seconds(lagMs)} seconds ahead`,
    ),
  'slow-statement': ({ ms, statement }) =>
    say(severityNumbers.info, `slowlog: ${Math.round(ms * 1000)} microseconds: ${statement}`),
  'cache-flushed': ({ cache, keys }) =>
    say(severityNumbers.info, `FLUSHDB on ${cache}: ${keys} keys removed`),
  'disk-full': ({ path }) =>
    say(severityNumbers.warn, `Write error saving DB on disk (${path}): No space left on device`),
};

export const redis: Dialect = {
  write,
  failure: (failure) => failureText(client, failure),
  ownFailure: (failure) => ({
    severity: severityNumbers.warn,
    message: `Client id=${mix(failure.flavour, 51) % 100_000} cmd=${commandOf(failure.method)}: ${redisError({ ...failure, reason: failure.cause })}`,
    stack: '',
  }),
  success: ({ method, ms, flavour }) => ({
    message: `Client id=${mix(flavour, 51) % 100_000} cmd=${commandOf(method)} done in ${ms}ms`,
    fields: [],
  }),
  trace: () => '',
  lifecycle,
};

function commandOf(method: string): string {
  return method === 'GET' || method === 'HEAD' ? 'get' : 'set';
}

function write(context: LineContext, { severity, message, stack }: Line): string {
  const mark = severity >= 13 ? '#' : severity >= 9 ? '*' : '-';
  const text = `1:M ${worded(context.wall)} ${mark} ${oneLine(message)}`;
  return stack ? `${text}\n${stack}` : text;
}
