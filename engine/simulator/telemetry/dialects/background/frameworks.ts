/** What programs of Java and Python say all the time. */
import { severityNumbers } from '../../../../sdk/index.ts';
import { every, type BackgroundLine } from './background-line.ts';

const { debug, info, warn, error } = severityNumbers;

/** An object-relational mapper that shows all it binds: about 5 KB. */
const hugeStatement = `select p.id, p.name, p.price from products p where p.id in (${Array.from(
  { length: 900 },
  (_, i) => 10_000 + ((i * 7919) % 90_000),
).join(', ')})`;

export const java: readonly BackgroundLine[] = [
  every(8, info, 'Scheduled task RefreshPrices finished in {ms} ms'),
  {
    ...every(
      7,
      info,
      'GC({n}) Pause Young (Normal) (G1 Evacuation Pause) 512M->318M(1024M) 8.{n}ms',
    ),
    logger: 'gc',
    about: 'memory',
  },
  { ...every(2, info, 'GC({n}) Concurrent Mark Cycle {ms}.318ms'), logger: 'gc', about: 'memory' },
  every(4, debug, 'Price list {hex} is current, nothing to load'),
  every(4, info, 'Session cleanup removed {n} expired sessions'),
  every(2, warn, 'Token for client partner-{n} expires in 3 days'),
  {
    ...every(
      1.5,
      warn,
      'spring.jpa.open-in-view is enabled by default. Therefore, database queries may be performed during view rendering',
    ),
    logger: 'JpaBaseConfiguration$JpaWebConfiguration',
  },
  {
    ...every(
      1,
      warn,
      'HHH90003004: firstResult/maxResults specified with collection fetch; applying in memory',
    ),
    logger: 'org.hibernate.orm.query',
  },
  every(1.2, error, 'Failed to parse Accept-Language header "{n};q=", using default'),
  {
    ...every(0.8, error, 'Async request failed for {user}'),
    stack:
      'org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe\n\tat org.apache.catalina.connector.OutputBuffer.realWriteBytes(OutputBuffer.java:342)\n\tat org.apache.catalina.connector.OutputBuffer.flushByteBuffer(OutputBuffer.java:777)\n\t... 61 common frames omitted\nCaused by: java.io.IOException: Broken pipe\n\tat java.base/sun.nio.ch.SocketDispatcher.write0(Native Method)\n\t... 74 common frames omitted',
  },
  {
    ...every(0.8, warn, 'Suppressed {n} duplicate messages in 60 seconds'),
    logger: 'ch.qos.logback.classic.turbo.DuplicateMessageFilter',
  },
  every(0.5, info, 'Kunde {user} hat Adresse geändert: „Königstraße 1a“, ort=K\uFFFDln'),
  {
    ...every(0.2, error, '\tat com.shop.legacy.ImportJob.run(ImportJob.java:{n})'),
    verbatim: true,
  },
  every(0.08, debug, `Hibernate: ${hugeStatement}`),
];

export const python: readonly BackgroundLine[] = [
  {
    ...every(9, info, 'Task sync_inventory[{hex}] succeeded in 0.{n}s: None'),
    logger: 'celery.app.trace',
  },
  every(6, info, 'cache refreshed: {n} entries in {ms} ms'),
  {
    ...every(5, info, 'Scheduler: Sending due task expire-carts (tasks.expire_carts)'),
    logger: 'celery.beat',
  },
  every(3, debug, 'model scores loaded, checksum {hex}'),
  { ...every(2, info, 'Autorestarting worker after current request.'), logger: 'gunicorn.error' },
  {
    ...every(
      2,
      warn,
      '/app/models.py:88: SAWarning: Coercing Subquery object into a select() for use in IN()',
    ),
    logger: 'py.warnings',
  },
  {
    ...every(
      1.5,
      warn,
      'Connection pool is full, discarding connection: {ip}. Connection pool size: 10',
    ),
    logger: 'urllib3.connectionpool',
  },
  {
    ...every(1, warn, 'Invalid HTTP_HOST header: "{ip}". You may need to add it to ALLOWED_HOSTS.'),
    logger: 'security',
  },
  every(1, error, 'sentry: 413 payload too large, event {hex} dropped'),
  {
    ...every(0.8, error, 'thumbnail job for {user} failed, ignored'),
    stack:
      'Traceback (most recent call last):\n  File "/app/images/thumbnail.py", line 41, in make\n    image = Image.open(source)\n  File "/usr/local/lib/python3.12/site-packages/PIL/Image.py", line 3532, in open\n    raise UnidentifiedImageError(message)\nPIL.UnidentifiedImageError: cannot identify image file \'upload.heic\'',
  },
  every(0.6, warn, 'throttled: {n} more log records of recommendations.ranker not shown'),
  every(0.4, info, "user {user} searched “crème brûlée” → {n} hits, raw=b'cr\uFFFDme'"),
  {
    ...every(0.2, info, '{n} INFO [7] recommendations.ranker: scor'),
    verbatim: true,
  },
  {
    ...every(0.08, debug, `[generated in 0.00{n}s] ${hugeStatement}`),
    logger: 'sqlalchemy.engine.Engine',
  },
];
