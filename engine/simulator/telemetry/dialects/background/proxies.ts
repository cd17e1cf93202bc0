/** What nginx and Envoy say all the time: mostly what strangers on the internet do to them. */
import { severityNumbers } from '../../../../sdk/index.ts';
import { every, type BackgroundLine } from './background-line.ts';

const { debug, info, warn, error } = severityNumbers;

const host = 'server: shop.example';
/** A cookie that grew for years: about 4 KB. */
const hugeCookie = Array.from(
  { length: 120 },
  (_, i) => `exp_${i}=variant-${(i * 13) % 7}-a1b2c3d4e5f6`,
).join('; ');

export const nginx: readonly BackgroundLine[] = [
  every(12, info, 'signal 17 (SIGCHLD) received from {n}'),
  every(7, info, 'worker process {n} exited with code 0'),
  every(
    5,
    warn,
    `*{n}{m} a client request body is buffered to a temporary file /var/cache/nginx/client_temp/0000000{n}, client: {ip}, ${host}, request: "POST /upload HTTP/1.1"`,
  ),
  every(
    4,
    warn,
    `*{n}{m} an upstream response is buffered to a temporary file /var/cache/nginx/proxy_temp/4/17/0000000{n} while reading upstream, client: {ip}, ${host}, request: "GET /export HTTP/1.1"`,
  ),
  every(
    3,
    error,
    `*{n}{m} open() "/usr/share/nginx/html/favicon.ico" failed (2: No such file or directory), client: {ip}, ${host}, request: "GET /favicon.ico HTTP/1.1"`,
  ),
  every(
    2,
    info,
    `*{n}{m} client prematurely closed connection while reading client request headers, client: {ip}, ${host}`,
  ),
  every(
    1.5,
    error,
    `*{n}{m} access forbidden by rule, client: {ip}, ${host}, request: "GET /.git/config HTTP/1.1"`,
  ),
  every(
    1,
    error,
    'SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: {ip}, server: 0.0.0.0:443',
  ),
  every(1, warn, 'conflicting server name "www.shop.example" on 0.0.0.0:80, ignored'),
  every(
    0.8,
    error,
    `*{n}{m} limiting requests, excess: 5.{n} by zone "login", client: {ip}, ${host}, request: "POST /login HTTP/1.1"`,
  ),
  every(
    0.5,
    info,
    '*{n}{m} client sent invalid request while reading client request line, client: {ip}, request: "\\x16\\x03\\x01\\x00\uFFFD\uFFFD"',
  ),
  {
    ...every(
      0.3,
      error,
      'nginx: [alert] could not open error log file: open() "/var/log/nginx/error.log" failed (13: Permission denied)\nnginx: configuration file /etc/nginx/nginx.conf test is successful',
    ),
    verbatim: true,
  },
  { ...every(0.2, info, '{ip} - - ['), verbatim: true },
  every(
    0.1,
    info,
    `*{n}{m} client sent too long header line: "Cookie: ${hugeCookie}", client: {ip}, ${host}`,
  ),
];

export const envoy: readonly BackgroundLine[] = [
  {
    ...every(
      8,
      info,
      'cds: add 0 cluster(s), remove 0 cluster(s), 0 added/updated, skipped {n} unmodified',
    ),
    logger: 'upstream',
  },
  {
    ...every(5, info, 'lds: add/update listener skipped, hash {hex} unchanged'),
    logger: 'upstream',
  },
  { ...every(4, debug, 'hot restart epoch 0, {n} active streams'), logger: 'main' },
  { ...every(3, info, 'runtime: layer static loaded, {n} keys'), logger: 'runtime' },
  {
    ...every(
      2,
      warn,
      "Deprecated field: type envoy.config.cluster.v3.Cluster Using deprecated option 'envoy.config.cluster.v3.Cluster.http2_protocol_options' from file cluster.proto. This configuration will be removed from Envoy soon.",
    ),
    logger: 'misc',
  },
  {
    ...every(
      1.5,
      warn,
      'DeltaAggregatedResources gRPC config stream to xds-grpc closed since {n}s ago: 13, ',
    ),
    logger: 'config',
  },
  {
    ...every(
      1,
      warn,
      'StreamAggregatedResources gRPC config stream to xds-grpc closed: 14, connection error: desc = "transport: Error while dialing {ip}:15012"',
    ),
    logger: 'config',
  },
  {
    ...every(
      1,
      error,
      'remote address:{ip}:4{n},TLS_error:|268435612:SSL routines:OPENSSL_internal:HTTP_REQUEST:TLS_error_end',
    ),
    logger: 'connection',
  },
  {
    ...every(0.8, error, 'gRPC access log stream to {ip}:9000 disconnected, {n} entries dropped'),
    logger: 'grpc',
  },
  {
    ...every(0.8, info, 'there have been {n} similar messages in the last 5s, not shown'),
    logger: 'misc',
  },
  {
    ...every(
      0.4,
      debug,
      'request headers decoded: x-city: S\uFFFDo Paulo, x-user: {user}, x-name: Œuvre 🛒',
    ),
    logger: 'http',
  },
  {
    ...every(
      0.3,
      warn,
      "unknown header in stream\n':authority', 'shop.example'\n':path', '/healthz'",
    ),
    verbatim: true,
  },
  { ...every(0.2, info, '{n}Z] "GET /heal'), verbatim: true },
  { ...every(0.1, debug, `header map exceeds its limit: cookie: ${hugeCookie}`), logger: 'http' },
];
