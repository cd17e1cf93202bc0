/**
 * Lines that have nothing to do with requests: housekeeping, and a few complaints that every real
 * system utters for years. They come at a steady rate, so that silence and errors both mean less than
 * they seem to.
 */
import { severityNumbers } from '../../sdk/index.ts';
import type { DialectName } from './dialects.ts';

/** Mean time between two lines of one service, µs. */
export const backgroundMeanUs = 20_000_000;

export interface BackgroundLine {
  /** Relative frequency. */
  readonly weight: number;
  readonly severity: number;
  /** `{n}` and `{m}` are drawn anew for each line, 0–999. */
  readonly message: string;
}

const { info, warn, error } = severityNumbers;

export const backgroundLines: Readonly<Record<DialectName, readonly BackgroundLine[]>> = {
  pino: [
    { weight: 8, severity: info, message: 'config refreshed in {n}ms, no changes' },
    { weight: 6, severity: info, message: 'flushed {n} telemetry events' },
    { weight: 2, severity: warn, message: 'DeprecationWarning: header X-Client-Id is deprecated' },
    {
      weight: 1,
      severity: error,
      message: 'telemetry export failed: read ETIMEDOUT, {n} events dropped',
    },
    {
      weight: 1,
      severity: warn,
      message: 'invalid session cookie for user u-{n}{m}, starting a new one',
    },
  ],
  logfmt: [
    { weight: 8, severity: info, message: 'reconciled feature flags' },
    { weight: 5, severity: info, message: 'gc cycle done, heap {n} KiB' },
    { weight: 2, severity: warn, message: 'clock offset to pool.ntp.org is {n}us' },
    { weight: 1, severity: error, message: 'push metrics: unexpected status 429, will retry' },
  ],
  spring: [
    { weight: 8, severity: info, message: 'Scheduled task RefreshPrices finished in {n} ms' },
    { weight: 5, severity: info, message: '[GC] G1 Evacuation Pause (young) {n}K->{m}K' },
    { weight: 2, severity: warn, message: 'Token for client partner-{n} expires in 3 days' },
    {
      weight: 1,
      severity: error,
      message: 'Failed to parse Accept-Language header "{n};q=", using default',
    },
  ],
  postgres: [
    {
      weight: 8,
      severity: info,
      message: 'checkpoint complete: wrote {n} buffers (1.2%); 0 WAL file(s) added',
    },
    {
      weight: 5,
      severity: info,
      message: 'automatic vacuum of table "public.sessions": index scans: 1, pages: {n} removed',
    },
    { weight: 1, severity: warn, message: 'there is no transaction in progress' },
    {
      weight: 1,
      severity: error,
      message: 'duplicate key value violates unique constraint "idempotency_key_{n}"',
    },
  ],
  redis: [
    { weight: 6, severity: info, message: '{n} changes in 300 seconds. Saving...' },
    { weight: 3, severity: info, message: 'Background saving terminated with success' },
    {
      weight: 1,
      severity: warn,
      message: 'Client id={n} closed for overcoming of output buffer limits',
    },
  ],
};
