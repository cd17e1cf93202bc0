/**
 * The format of scenario files, `workbench/v1`, written once: TypeScript types, validation and the
 * JSON Schema for editors all come from here.
 */
import Type from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../limits.ts';
import { changeKinds } from '../sdk/index.ts';
import {
  closed,
  common,
  count,
  duration,
  list,
  name,
  oneOf,
  serviceTime,
  share,
  taggedBy,
  text,
  unit,
} from './schema-parts.ts';
import { source } from './schema-sources.ts';

const service = 'Name of the service.';

const call = Type.Object(
  {
    to: name('The service that is called.'),
    endpoint: Type.Optional(name('Which of its endpoints, where it has several.')),
    pool: Type.Optional(name("The caller's connection pool that the call needs a connection of.")),
    timeout: Type.Optional(duration('The caller gives up after this long. Never, where left out.')),
    retries: Type.Optional(
      Type.Object(
        {
          max: count('Attempts after the first.', { minimum: 0, maximum: 100 }),
          backoff: Type.Optional(
            duration('First pause, doubled each time, with full jitter. 100ms where left out.'),
          ),
        },
        { ...closed, description: 'What the caller does when a call fails.' },
      ),
    ),
    probability: Type.Optional(share('Share of requests that make this call at all.')),
  },
  { ...closed, description: 'A call to another service.' },
);

const endpoint = Type.Object(
  {
    name: name('Method and route: POST /checkout.'),
    service_time: Type.Optional(serviceTime),
    calls: Type.Optional(
      list(call, 'Made one after the other, after the own work.', {
        maxItems: limits.callsPerEndpointMax,
      }),
    ),
  },
  { ...closed, description: 'One kind of request that the service answers.' },
);

const pool = Type.Object(
  {
    name: name('Name of the pool.'),
    size: count('Connections per instance.', { minimum: 1, maximum: 1_000_000 }),
    timeout: Type.Optional(
      duration('How long a request waits for a connection. 30s where left out.'),
    ),
  },
  { ...closed, description: 'A connection pool of each instance.' },
);

export const serviceKinds = ['service', 'database', 'cache', 'queue', 'external'] as const;

const simulatedService = Type.Object(
  {
    name: name('Name of the service; calls, traffic and faults refer to it.'),
    kind: Type.Optional(oneOf(serviceKinds, 'What it is; service where left out.')),
    version: Type.Optional(name('Version it runs at the start; 1.0.0 where left out.')),
    instances: Type.Optional(
      count('Copies that share the load; 1 where left out.', {
        minimum: 1,
        maximum: limits.instancesPerServiceMax,
      }),
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
    pools: Type.Optional(list(pool, 'Connection pools.', { maxItems: limits.poolsPerServiceMax })),
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

const traffic = Type.Object(
  {
    entry: name('The service that users call.'),
    endpoint: Type.Optional(name('Which of its endpoints, where it has several.')),
    rate: unit('rate', 'Requests of users; they do not wait for answers (open loop).'),
    shape: Type.Optional(oneOf(['steady', 'daily'], 'How the rate moves; steady where left out.')),
  },
  { ...closed, description: 'Requests of users.' },
);

const change = Type.Object(
  {
    at: duration('When, counted from the start.'),
    kind: oneOf(changeKinds, 'What was changed.'),
    service: name(service),
    version: Type.Optional(name('The version that was deployed.')),
    note: Type.Optional(text('What people see.')),
  },
  { ...closed, description: 'A deploy, flag, configuration, scaling or certificate event.' },
);

const faultCommon = {
  id: name('Name of the fault; the ground truth refers to it.'),
  at: duration('When it begins, counted from the start.'),
  until: Type.Optional(
    duration('When it ends, counted from the start. At the end, where left out.'),
  ),
  service: name(service),
};

const fault = taggedBy(
  'kind',
  [
    Type.Object(
      {
        ...faultCommon,
        kind: Type.Literal('latency', { description: 'Own work takes longer.' }),
        endpoint: Type.Optional(name('Only this endpoint.')),
        factor: Type.Optional(
          Type.Number({
            exclusiveMinimum: 0,
            maximum: 10_000,
            description: 'So many times as long.',
          }),
        ),
        add: Type.Optional(duration('So much longer.')),
      },
      closed,
    ),
    Type.Object(
      {
        ...faultCommon,
        kind: Type.Literal('errors', { description: 'Requests fail after the own work.' }),
        endpoint: Type.Optional(name('Only this endpoint.')),
        rate: share('Share of requests that fail.'),
      },
      closed,
    ),
    Type.Object(
      {
        ...faultCommon,
        kind: Type.Literal('crash', {
          description: 'Instances go away; requests there fail, new ones are refused.',
        }),
        instances: Type.Optional(
          count('How many; all where left out.', {
            minimum: 1,
            maximum: limits.instancesPerServiceMax,
          }),
        ),
        restart_after: Type.Optional(
          duration('They come back after this long. When the fault ends, where left out.'),
        ),
      },
      closed,
    ),
    Type.Object(
      {
        ...faultCommon,
        kind: Type.Literal('pool-leak', { description: 'Connections are not given back.' }),
        pool: name('Which pool of the service.'),
        rate: share('Share of leases that are never given back.'),
      },
      closed,
    ),
    Type.Object(
      {
        ...faultCommon,
        kind: Type.Literal('traffic-spike', { description: 'More requests of users.' }),
        factor: Type.Number({ minimum: 0, maximum: 1_000, description: 'So many times the rate.' }),
      },
      closed,
    ),
  ],
  'What goes wrong.',
);

const telemetry = Type.Object(
  {
    log_sample: Type.Optional(
      share('Share of success logs kept, errors always are; 5% where left out.'),
    ),
    trace_sample: Type.Optional(share('Share of traces whose spans are kept; 1% where left out.')),
    metric_interval: Type.Optional(
      unit('interval', 'Distance between the points of a metric; 10s where left out.'),
    ),
  },
  { ...closed, description: 'How much the system tells about itself.' },
);

export const simulatedFile = Type.Object(
  {
    ...common,
    kind: Type.Literal('simulated', { description: 'The engine makes the outage.' }),
    start: Type.Optional(unit('instant', 'Wall-clock start. 2026-01-01T00:00:00Z where left out.')),
    duration: duration('How long it lasts.'),
    services: list(simulatedService, 'The simulated system.', {
      minItems: 1,
      maxItems: limits.servicesMax,
    }),
    traffic: list(traffic, 'Who calls it, how often.'),
    changes: Type.Optional(list(change, 'What people changed; most of it is innocent.')),
    faults: Type.Optional(list(fault, 'What goes wrong, and when.')),
    telemetry: Type.Optional(telemetry),
  },
  { ...closed, description: 'An outage that the engine simulates.' },
);

const recordedService = Type.Object(
  {
    name: name('Name as in the recording.'),
    kind: Type.Optional(oneOf(serviceKinds, 'What it is; service where left out.')),
    entry: Type.Optional(Type.Boolean({ description: 'Users call it. No, where left out.' })),
  },
  { ...closed, description: 'A service of the recording.' },
);

const dependency = Type.Object(
  { caller: name('The service that calls.'), callee: name('The service that is called.') },
  { ...closed, description: 'Who calls whom.' },
);

export const recordedFile = Type.Object(
  {
    ...common,
    kind: Type.Literal('recorded', { description: 'The outage happened elsewhere.' }),
    start: Type.Optional(unit('instant', 'Where to begin. At the first record, where left out.')),
    duration: Type.Optional(duration('How much of it. To the last record, where left out.')),
    sources: list(source, 'The recordings.', { minItems: 1 }),
    services: Type.Optional(
      list(recordedService, 'What is known of the services.', { maxItems: limits.servicesMax }),
    ),
    dependencies: Type.Optional(
      list(dependency, 'Who calls whom, where known.', { maxItems: 5_000 }),
    ),
  },
  { ...closed, description: 'An outage that was recorded.' },
);

export type SimulatedFile = Static<typeof simulatedFile>;
export type RecordedFile = Static<typeof recordedFile>;
export type SimulatedServiceFile = Static<typeof simulatedService>;
export type EndpointFile = Static<typeof endpoint>;
export type CallFile = Static<typeof call>;
export type TrafficFile = Static<typeof traffic>;
export type ChangeFile = Static<typeof change>;
export type FaultFile = Static<typeof fault>;
export type TelemetryFile = Static<typeof telemetry>;
