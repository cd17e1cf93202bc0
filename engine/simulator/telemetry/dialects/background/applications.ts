/** What programs of Node and Go say all the time. */
import { severityNumbers } from '../../../../sdk/index.ts';
import { every, type BackgroundLine } from './background-line.ts';

const { debug, info, warn, error } = severityNumbers;

/** Somebody logs whole bodies of a partner: about 6 KB. */
const hugeBody = Array.from(
  { length: 90 },
  (_, i) =>
    `{"sku":"A-${4000 + i * 7}","stock":${(i * 37) % 211},"warehouse":"W${i % 4}","note":""}`,
).join(',');

export const node: readonly BackgroundLine[] = [
  every(10, info, 'config refreshed in {ms}ms, no changes'),
  every(8, info, 'flushed {n} telemetry events'),
  every(6, info, 'session store: {n} sessions active, {m} expired'),
  { ...every(5, info, 'heartbeat ok rss={n}MB handles={m}'), about: 'memory' },
  every(3, debug, 'feature flags unchanged, etag {hex}'),
  every(2, warn, 'DeprecationWarning: header X-Client-Id is deprecated'),
  every(1.5, warn, 'invalid session cookie for user {user}, starting a new one'),
  every(1, warn, 'event loop delayed by {ms}ms'),
  every(1, error, 'telemetry export failed: read ETIMEDOUT {ip}:4318, {n} events dropped'),
  // Everybody knows that this one means nothing.
  every(1.2, error, 'Unhandled locale "xx-XX" for user {user}, falling back to en-US'),
  every(0.8, warn, 'rate limited: suppressed {n} messages of "invalid coupon" in the last 60s'),
  {
    ...every(0.5, error, 'unhandledRejection: image resize of {hex}.webp failed'),
    stack:
      'Error: Input file contains unsupported image format\n    at Sharp.toBuffer (/app/node_modules/sharp/lib/output.js:163:17)\n    at async thumbnail (/app/dist/images/thumbnail.js:22:18)',
  },
  every(0.4, info, 'profile saved for {user}: “Zoë Łukasz 🎉”, city “Malm\uFFFD”'),
  {
    ...every(0.2, info, '"url":"/cart","status":200,"responseTime":{n},"msg":"request comp'),
    verbatim: true,
  },
  every(0.1, info, `stock feed received: [${hugeBody}]`),
];

export const go: readonly BackgroundLine[] = [
  every(10, info, 'reconciled feature flags'),
  { ...every(7, info, 'gc cycle done, heap {n} KiB'), about: 'memory' },
  every(6, info, 'refreshed {n} exchange rates in {ms}ms'),
  every(4, debug, 'lease renewed by {hex}'),
  every(4, info, 'idle connections closed: {n}'),
  { ...every(2, warn, 'clock offset to pool.ntp.org is {n}us'), about: 'clock' },
  every(
    1.5,
    warn,
    'http: superfluous response.WriteHeader call from main.(*statusWriter).WriteHeader (metrics.go:41)',
  ),
  every(1, error, 'push metrics: unexpected status 429, will retry'),
  every(1, error, 'http: TLS handshake error from {ip}:4{n}: EOF'),
  every(0.8, warn, 'slow fsync of audit log: {ms}ms'),
  every(0.8, warn, 'sampling: dropped {n} similar messages logger=audit'),
  every(
    0.5,
    error,
    "decode webhook of partner: invalid character '<' looking for beginning of value",
  ),
  {
    ...every(0.2, error, 'goroutine leak check: {n} more than at start'),
    stack:
      'goroutine 4711 [chan receive, 812 minutes]:\nshop/internal/audit.(*Writer).loop(0xc0001a2000)\n\t/src/internal/audit/writer.go:77 +0x9c\ncreated by shop/internal/audit.New in goroutine 1\n\t/src/internal/audit/writer.go:31 +0x11a',
  },
  every(0.3, info, 'address normalised: "Stra\uFFFDe 5" -> "Straße 5" user={user}'),
  {
    ...every(0.2, info, 'Z level=info msg="flushed {m} batch'),
    verbatim: true,
  },
  every(0.08, debug, `request body of partner feed: [${hugeBody}]`),
];
