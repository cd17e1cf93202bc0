/** Calls between services and the endpoints that make them, in JSON Schema by TypeBox. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../limits.ts';
import { closed, count, duration, list, name, serviceTime, share, yesNo } from './schema-parts.ts';

const retries = Type.Object(
  {
    max: count('Attempts after the first.', { minimum: 0, maximum: 100 }),
    backoff: Type.Optional(duration('First pause, doubled each time. 100ms where left out.')),
    jitter: Type.Optional(
      share('Share of the pause that is drawn: 100% (full jitter) where left out.'),
    ),
    budget: Type.Optional(
      share('Retries for each first attempt that an instance may spend. No bound, where left out.'),
    ),
  },
  { ...closed, description: 'What the caller does when a call fails.' },
);

const breaker = Type.Object(
  {
    failures: Type.Optional(share('Opens when this share of calls fails; 50% where left out.')),
    window: Type.Optional(duration('The window that is looked at; 10s where left out.')),
    minimum: Type.Optional(
      count('Not before so many calls in the window; 20 where left out.', {
        minimum: 1,
        maximum: 1_000_000,
      }),
    ),
    open: Type.Optional(duration('Tries one call after this long; 30s where left out.')),
  },
  { ...closed, description: 'A circuit breaker: fails calls at once while others fail.' },
);

export const call = Type.Object(
  {
    to: name('The service that is called.'),
    endpoint: Type.Optional(name('Which of its endpoints, where it has several.')),
    pool: Type.Optional(name("The caller's connection pool that the call needs a connection of.")),
    timeout: Type.Optional(duration('The caller gives up after this long. Never, where left out.')),
    retries: Type.Optional(retries),
    probability: Type.Optional(share('Share of requests that make this call at all.')),
    times: Type.Optional(
      count('How often it is made, one after the other; once where left out.', {
        minimum: 1,
        maximum: limits.callTimesMax,
      }),
    ),
    group: Type.Optional(
      name('Calls of one group that stand next to each other are made at the same time.'),
    ),
    breaker: Type.Optional(breaker),
    concurrency: Type.Optional(
      count('Calls of one instance under way, more fail at once. Any number, where left out.', {
        minimum: 1,
        maximum: 1_000_000,
      }),
    ),
    optional: Type.Optional(yesNo('The request goes on without the answer. No, where left out.')),
    cache: Type.Optional(
      name("The caller's cache that is asked first: only a miss makes the call."),
    ),
    fresh: Type.Optional(
      duration(
        'Age that data of a copy may have, in the mean: of a replica, or of what a consumer keeps. Any, where left out.',
      ),
    ),
    flag: Type.Optional(name('Made only while this flag of the caller is on.')),
    keep_alive: Type.Optional(duration('How long a connection is kept. For ever, where left out.')),
  },
  { ...closed, description: 'A call to another service.' },
);

export const calls = (description: string) =>
  list(call, description, { maxItems: limits.callsPerEndpointMax });

export const endpoint = Type.Object(
  {
    name: name('Method and route: POST /checkout. The topic, for a queue.'),
    service_time: Type.Optional(serviceTime),
    calls: Type.Optional(
      calls('Made after the own work: one after the other, those of a group at the same time.'),
    ),
    table: Type.Optional(name('Table of the database that it works on.')),
    writes: Type.Optional(yesNo('It writes there. No, where left out.')),
    lock_timeout: Type.Optional(
      duration('Waits so long for a lock of its table. For ever, where left out.'),
    ),
    token_leeway: Type.Optional(
      duration('Clocks may differ so much before tokens are refused. Unchecked, where left out.'),
    ),
    partitions: Type.Optional(
      count('Queues: partitions of the topic; 1 where left out.', {
        minimum: 1,
        maximum: limits.partitionsMax,
      }),
    ),
  },
  { ...closed, description: 'One kind of request that the service answers.' },
);

export type CallFile = Static<typeof call>;
export type EndpointFile = Static<typeof endpoint>;
