/** What PostgreSQL, Redis and Kafka say all the time. */
import { severityNumbers } from '../../../../sdk/index.ts';
import { every, type BackgroundLine } from './background-line.ts';

const { info, warn, error } = severityNumbers;

/** A report that lists its customers: about 6 KB. */
const hugeList = Array.from({ length: 1000 }, (_, i) => 10_000 + ((i * 4099) % 90_000)).join(',');

export const postgres: readonly BackgroundLine[] = [
  every(8, info, 'checkpoint starting: time'),
  every(
    8,
    info,
    'checkpoint complete: wrote {n} buffers (1.2%); 0 WAL file(s) added, 0 removed, 1 recycled; write=26.{m} s, sync=0.004 s, total=26.{m} s',
  ),
  every(
    5,
    info,
    'automatic vacuum of table "shop.public.sessions": index scans: 1, pages: 0 removed, {n} remain, tuples: {m} removed',
  ),
  every(4, info, 'automatic analyze of table "shop.public.carts"'),
  every(3, info, 'connection authorized: user=app database=shop application_name=worker-{n}'),
  every(2, warn, 'there is no transaction in progress'),
  every(1.5, info, 'could not receive data from client: Connection reset by peer'),
  {
    ...every(1.5, error, 'duplicate key value violates unique constraint "idempotency_key"'),
    stack:
      'DETAIL:  Key (key)=({hex}) already exists.\nSTATEMENT:  INSERT INTO idempotency (key, created_at) VALUES ($1, now())',
  },
  {
    ...every(1, error, 'relation "pg_stat_statements" does not exist at character 15'),
    stack: 'STATEMENT:  SELECT * FROM pg_stat_statements LIMIT 1',
  },
  {
    ...every(0.8, error, 'canceling autovacuum task'),
    stack:
      'CONTEXT:  while scanning block {n} of relation "public.events"\n\tautomatic vacuum of table "shop.public.events"',
  },
  every(0.8, info, 'temporary file: path "base/pgsql_tmp/pgsql_tmp{n}.0", size {n}{m}512'),
  {
    ...every(0.4, error, 'invalid byte sequence for encoding "UTF8": 0xfc'),
    stack: "STATEMENT:  UPDATE users SET city = 'M\uFFFDnchen' WHERE login = '{user}'",
  },
  { ...every(0.2, info, '{n} UTC [4711] app@shop LOG:  dura'), verbatim: true },
  every(
    0.1,
    info,
    `duration: {n}.{m} ms  statement: SELECT customer_id, sum(total) FROM orders WHERE customer_id IN (${hugeList}) GROUP BY 1`,
  ),
];

export const redis: readonly BackgroundLine[] = [
  every(8, info, '{n} changes in 300 seconds. Saving...'),
  every(6, info, 'Background saving started by pid {n}'),
  every(6, info, 'DB saved on disk'),
  every(6, info, 'Background saving terminated with success'),
  {
    ...every(3, info, 'Fork CoW for RDB: current {n} MB, peak {n} MB, average {m} MB'),
    about: 'memory',
  },
  every(2, info, 'Background AOF rewrite finished successfully'),
  every(1, warn, 'Client id={n} addr={ip}:5{m} closed for overcoming of output buffer limits.'),
  every(
    1.5,
    warn,
    'WARNING Memory overcommit must be enabled! Without it, a background save or replication may fail under low memory condition.',
  ),
  every(
    1,
    warn,
    'Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete, this may slow down Redis.',
  ),
  every(
    0.8,
    warn,
    'Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to Redis. Connection from {ip}:5{n} aborted.',
  ),
  every(0.5, info, '{n} more accepted connections not shown'),
  every(0.3, info, 'slowlog: {n} microseconds: "HGETALL" "profile:J\uFFFDrgen:{user}"'),
  {
    ...every(
      0.2,
      warn,
      '=== REDIS BUG REPORT START: Cut & paste starting from here ===\nmodule asserted: heap {hex}, ignored',
    ),
    verbatim: true,
  },
  { ...every(0.2, info, '1:M '), verbatim: true },
  every(0.1, info, `slowlog: {n}{m} microseconds: "MGET" ${hugeList}`),
];

const logger = {
  group: 'kafka.coordinator.group.GroupMetadataManager',
  log: 'kafka.log.LocalLog',
  server: 'kafka.server.KafkaApis',
  network: 'org.apache.kafka.common.network.Selector',
  controller: 'kafka.controller.KafkaController',
} as const;

export const kafka: readonly BackgroundLine[] = [
  {
    ...every(
      8,
      info,
      '[GroupMetadataManager brokerId=1] Removed {n} expired offsets in {ms} milliseconds.',
    ),
    logger: logger.group,
  },
  {
    ...every(
      6,
      info,
      '[LocalLog partition=orders-{n}, dir=/var/lib/kafka/data] Rolled new log segment at offset {n}{m} in 1 ms.',
    ),
    logger: logger.log,
  },
  {
    ...every(
      5,
      info,
      '[UnifiedLog partition=events-{n}, dir=/var/lib/kafka/data] Deleting segment files {n}{m}.log',
    ),
    logger: 'kafka.log.UnifiedLog',
  },
  {
    ...every(
      3,
      info,
      '[ProducerStateManager partition=orders-{n}] Wrote producer snapshot at offset {n}{m} with {m} producer ids in 1 ms.',
    ),
    logger: 'org.apache.kafka.storage.internals.log.ProducerStateManager',
  },
  {
    ...every(2, info, '[Controller id=1] Processing automatic preferred replica leader election'),
    logger: logger.controller,
  },
  {
    ...every(
      2,
      info,
      '[SocketServer listenerType=BROKER, nodeId=1] Failed authentication with /{ip} (channelId={n}) (SSL handshake failed)',
    ),
    logger: logger.network,
  },
  {
    ...every(
      1.5,
      warn,
      '[Producer clientId=audit-{n}] Got error produce response with correlation id {m} on topic-partition audit-0, retrying (2147483646 attempts left). Error: NOT_LEADER_OR_FOLLOWER',
    ),
    logger: 'org.apache.kafka.clients.producer.internals.Sender',
  },
  {
    ...every(
      1,
      warn,
      '[Consumer clientId=report, groupId=report] Offset commit failed on partition events-{n} at offset {m}: The coordinator is not aware of this member.',
    ),
    logger: 'org.apache.kafka.clients.consumer.internals.ConsumerCoordinator',
  },
  {
    ...every(
      1,
      error,
      '[KafkaApi-1] Error when handling request: clientId=legacy-{n}, correlationId={m}, api=METADATA, version=0',
    ),
    logger: logger.server,
    stack:
      'org.apache.kafka.common.errors.InvalidRequestException: Error getting request for apiKey: METADATA, apiVersion: 0',
  },
  {
    ...every(
      0.8,
      warn,
      '[Broker id=1] Throttled {n} connections of {ip}, not logging more for 60 s',
    ),
    logger: 'kafka.network.ConnectionQuotas',
  },
  {
    ...every(
      0.6,
      warn,
      '[SocketServer nodeId=1] Unexpected error from /{ip} (channelId={n}); closing connection',
    ),
    logger: logger.network,
    stack:
      'org.apache.kafka.common.network.InvalidReceiveException: Invalid receive (size = 1195725856 larger than 104857600)\n\tat org.apache.kafka.common.network.NetworkReceive.readFrom(NetworkReceive.java:94)\n\tat java.base/java.lang.Thread.run(Thread.java:1583)',
  },
  {
    ...every(
      0.3,
      warn,
      '[GroupCoordinator 1]: member id caf\uFFFD-{hex} is not valid UTF-8, kept as it is',
    ),
    logger: 'kafka.coordinator.group.GroupCoordinator',
  },
  { ...every(0.2, info, '{n}] INFO [Log part'), verbatim: true },
  {
    ...every(0.1, info, `[Controller id=1] Partitions without preferred leader: ${hugeList}`),
    logger: logger.controller,
  },
];
