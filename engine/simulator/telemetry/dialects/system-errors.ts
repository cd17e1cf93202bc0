/** Failures of calls in the words of libc, for programs that add only whom they asked. */
import { addressOf, hostOf, waitedMs } from './callee.ts';
import type { ClientWords } from './client.ts';
import type { Failure } from './dialect.ts';

/** Words of a program that says `asked` and then why it did not work. */
export function systemWords(asked: (failure: Failure) => string): ClientWords {
  const because = (failure: Failure, reason: string): string => `${asked(failure)}: ${reason}`;
  return {
    ok: (f) => because(f, `answered after ${waitedMs(f)} ms`),
    unreachable: (f) => because(f, `Connection refused (${addressOf(f)})`),
    reset: (f) => because(f, `Connection reset by peer (${addressOf(f)})`),
    timeout: (f) => because(f, `Connection timed out after ${waitedMs(f)} ms`),
    poolTimeout: (f) => because(f, `no free connection in ${f.pool} after ${waitedMs(f)} ms`),
    breakerOpen: (f) => because(f, 'not tried, marked down'),
    bulkheadFull: (f) => because(f, 'not tried, too many under way'),
    tls: (f) => because(f, 'SSL error: certificate verify failed: certificate has expired'),
    dns: (f) =>
      because(
        f,
        `could not translate host name "${f.callee}" to address: ${
          f.dnsAnswer === 'nxdomain'
            ? 'Name or service not known'
            : 'Temporary failure in name resolution'
        }`,
      ),
    missing: (f) => because(f, 'no row found'),
    http: (f, status) => because(f, `HTTP status ${status} from ${hostOf(f)}`),
    database: (f, { severity, text }) => because(f, `${severity}:  ${text}`),
    cache: (f, text) => because(f, `-${text}`),
    queue: (f, { code, text }) => because(f, `${text} (${code})`),
  };
}
