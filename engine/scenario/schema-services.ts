/** Services of a simulated system, in JSON Schema by TypeBox. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../limits.ts';
import { runtimes } from './model-services.ts';
import { calls, endpoint } from './schema-calls.ts';
import {
  bytes,
  closed,
  count,
  duration,
  factor,
  list,
  name,
  oneOf,
  serviceTime,
  share,
  yesNo,
} from './schema-parts.ts';

export const serviceKinds = ['service', 'database', 'cache', 'queue', 'external'] as const;

const instances = (description: string) =>
  count(description, { minimum: 1, maximum: limits.instancesPerServiceMax });

const memory = Type.Object(
  {
    limit: bytes('More, and the instance is killed.'),
    base: bytes('Live when idle.'),
    per_request: Type.Optional(bytes('Live for each request in flight; none where left out.')),
    collected: Type.Optional(
      yesNo('A garbage collector takes time from the cores. Yes, where left out.'),
    ),
  },
  { ...closed, description: 'The heap of each instance. No bound, where left out.' },
);

const disk = Type.Object(
  {
    size: bytes('All of it.'),
    used: Type.Optional(bytes('Full at the start; nothing where left out.')),
  },
  { ...closed, description: 'The disk of each instance. No bound, where left out.' },
);

const startup = Type.Object(
  {
    time: Type.Optional(duration('From start to ready; at once where left out.')),
    warmup: Type.Optional(duration('How long it is slower after that; not, where left out.')),
    warmup_factor: Type.Optional(
      factor('So many times as slow, falling to 1.', { minimum: 1, maximum: 1_000 }),
    ),
    calls: Type.Optional(calls('Made before it is ready; where one fails it starts again.')),
    retry: Type.Optional(duration('Starts again after this long; 5s where left out.')),
    jitter: Type.Optional(share('Share of that pause that is drawn; 100% where left out.')),
  },
  { ...closed, description: 'What it takes to start an instance.' },
);

const healthCheck = Type.Object(
  {
    interval: Type.Optional(duration('Distance between checks; 5s where left out.')),
    timeout: Type.Optional(duration('No answer within this is a failure; 1s where left out.')),
    unhealthy_after: Type.Optional(
      count('Failures in a row; 3 where left out.', { minimum: 1, maximum: 1_000 }),
    ),
    healthy_after: Type.Optional(
      count('Successes in a row; 2 where left out.', { minimum: 1, maximum: 1_000 }),
    ),
    deep: Type.Optional(
      yesNo('Waits in the queue like a request; any living process answers where left out.'),
    ),
  },
  { ...closed, description: 'How it tells live instances from dead ones. Not, where left out.' },
);

const balancer = Type.Object(
  {
    policy: Type.Optional(
      oneOf(
        ['round-robin', 'least-requests'],
        'Which instance is next; round-robin where left out.',
      ),
    ),
    panic: Type.Optional(
      share('With a smaller share of healthy instances it sends to all; 0% where left out.'),
    ),
    health_check: Type.Optional(healthCheck),
  },
  { ...closed, description: 'How requests are spread over the instances.' },
);

const autoscale = Type.Object(
  {
    min: instances('Not fewer instances.'),
    max: instances('Not more instances.'),
    target: share('Keeps the use of cores, or of workers where there are no cpus, at this share.'),
    every: Type.Optional(duration('Distance between decisions; 30s where left out.')),
    lag: Type.Optional(duration('From a decision to instances that start; 60s where left out.')),
  },
  { ...closed, description: 'Makes and removes instances by use.' },
);

const pool = Type.Object(
  {
    name: name('Name of the pool.'),
    size: count('Connections per instance.', { minimum: 1, maximum: limits.poolSizeMax }),
    timeout: Type.Optional(
      duration('How long a request waits for a connection. 30s where left out.'),
    ),
  },
  { ...closed, description: 'A connection pool of each instance.' },
);

const cache = Type.Object(
  {
    name: name('Name of the cache; calls refer to it.'),
    store: Type.Optional(name('Service that holds it. Memory of each instance, where left out.')),
    store_endpoint: Type.Optional(name("Which of that service's endpoints, where it has several.")),
    keys: count('Keys that people ask for.', { minimum: 1, maximum: limits.cacheKeysMax }),
    skew: Type.Optional(
      factor('How unequal they are: exponent of Zipf; 1 where left out.', {
        minimum: 0,
        maximum: 10,
      }),
    ),
    ttl: Type.Optional(duration('Forgets after this long. Never, where left out.')),
    jitter: Type.Optional(
      share('Share of that time that is drawn for each key; 0% where left out.'),
    ),
    warm: Type.Optional(yesNo('Filled at the start. No, where left out.')),
    coalesce: Type.Optional(
      yesNo('Requests that miss a key wait for the one that asks. No, where left out.'),
    ),
  },
  { ...closed, description: "What is remembered of another service's answers." },
);

const consumer = Type.Object(
  {
    queue: name('The queue that it takes messages of.'),
    topic: Type.Optional(name('Which of its topics, where it has several.')),
    endpoint: Type.Optional(name('The own endpoint that handles a message.')),
    max_attempts: Type.Optional(
      count('Deliveries before a message is put aside. It blocks for ever, where left out.', {
        minimum: 1,
        maximum: 1_000,
      }),
    ),
    backoff: Type.Optional(duration('Pause before another delivery; 1s where left out.')),
  },
  { ...closed, description: 'Takes messages, partition by partition, in order.' },
);

export const simulatedService = Type.Object(
  {
    name: name('Name of the service; calls, traffic and faults refer to it.'),
    kind: Type.Optional(oneOf(serviceKinds, 'What it is; service where left out.')),
    runtime: Type.Optional(oneOf(runtimes, 'How it writes its logs. Chosen, where left out.')),
    version: Type.Optional(name('Version it runs at the start; 1.0.0 where left out.')),
    config: Type.Optional(name('Revision of its configuration at the start.')),
    flags: Type.Optional(
      list(name('Name of a flag.'), 'Flags that are on at the start.', { maxItems: 100 }),
    ),
    instances: Type.Optional(instances('Copies that share the load; 1 where left out.')),
    instances_max: Type.Optional(
      instances('The most that scaling may make of them; twice as many where left out.'),
    ),
    workers: Type.Optional(
      count('Concurrent requests one instance serves, the rest queue; 64 where left out.', {
        minimum: 1,
        maximum: 100_000,
      }),
    ),
    queue: Type.Optional(
      count('Requests that may wait at one instance, more are refused; 256 where left out.', {
        minimum: 0,
        maximum: 1_000_000,
      }),
    ),
    cpus: Type.Optional(
      count('Cores of an instance. Never short of them, where left out.', {
        minimum: 1,
        maximum: 1_024,
      }),
    ),
    memory: Type.Optional(memory),
    disk: Type.Optional(disk),
    startup: Type.Optional(startup),
    balancer: Type.Optional(balancer),
    autoscale: Type.Optional(autoscale),
    max_connections: Type.Optional(
      count('Connections of pools that it accepts. Any number, where left out.', {
        minimum: 1,
        maximum: limits.poolSizeMax,
      }),
    ),
    replica_of: Type.Optional(name('The database that it copies.')),
    apply: Type.Optional(duration('Replicas: work of applying one write; none where left out.')),
    pools: Type.Optional(list(pool, 'Connection pools.', { maxItems: limits.poolsPerServiceMax })),
    caches: Type.Optional(list(cache, 'Caches.', { maxItems: limits.cachesPerServiceMax })),
    consumes: Type.Optional(
      list(consumer, 'Topics that it takes messages of.', {
        maxItems: limits.consumersPerServiceMax,
      }),
    ),
    service_time: Type.Optional(serviceTime),
    endpoints: Type.Optional(
      list(endpoint, 'What it answers; one endpoint named * where left out.', {
        minItems: 1,
        maxItems: limits.endpointsPerServiceMax,
      }),
    ),
  },
  { ...closed, description: 'A service of the simulated system.' },
);

export type SimulatedServiceFile = Static<typeof simulatedService>;
