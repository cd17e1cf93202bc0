/** What goes wrong in a simulation, in JSON Schema by TypeBox. */
import Type from 'typebox';
import type { Static, TProperties } from 'typebox';
import { limits } from '../limits.ts';
import {
  bytes,
  closed,
  count,
  duration,
  factor,
  name,
  oneOf,
  share,
  taggedBy,
  text,
  unit,
} from './schema-parts.ts';

const pulse = Type.Object(
  { on: duration('Acts for this long.'), off: duration('Then pauses for this long.') },
  { ...closed, description: 'Acts, pauses, acts again. All the time, where left out.' },
);

const common = {
  id: name('Name of the fault; the ground truth and actions refer to it.'),
  at: Type.Optional(
    duration('When it begins, counted from the start. Left out where an action begins it.'),
  ),
  until: Type.Optional(
    duration('When it ends, counted from the start. At the end, where left out.'),
  ),
  service: name('Name of the service.'),
  instances: Type.Optional(
    count('Only so many instances, the first ones; all where left out.', {
      minimum: 1,
      maximum: limits.instancesPerServiceMax,
    }),
  ),
  zone: Type.Optional(name('Only instances in this zone.')),
  node: Type.Optional(
    count('Only on this node, counted from 0: all services that have instances there.', {
      minimum: 0,
      maximum: limits.nodesMax - 1,
    }),
  ),
  version: Type.Optional(name('Only instances that run this version: a rollback ends it.')),
  flag: Type.Optional(name('Only while this flag of the service is on.')),
  config: Type.Optional(name('Only while its configuration has this revision.')),
  pulse: Type.Optional(pulse),
};

const kind = <const K extends string, const P extends TProperties>(
  tag: K,
  description: string,
  parameters: P,
) => Type.Object({ ...common, kind: Type.Literal(tag, { description }), ...parameters }, closed);

const endpoint = Type.Optional(name('Only this endpoint.'));

export const fault = taggedBy(
  'kind',
  [
    kind('latency', 'Own work takes longer.', {
      endpoint,
      factor: Type.Optional(
        Type.Number({
          exclusiveMinimum: 0,
          maximum: 10_000,
          description: 'So many times as long.',
        }),
      ),
      add: Type.Optional(duration('So much longer.')),
    }),
    kind('errors', 'Requests fail after the own work.', {
      endpoint,
      rate: share('Share of requests that fail.'),
      message: Type.Optional(text('What its log says. The usual words, where left out.')),
    }),
    kind('crash', 'Instances go away; requests there fail, new ones are refused.', {
      restart_after: Type.Optional(
        duration('They come back after this long. When the fault ends, where left out.'),
      ),
    }),
    kind('pool-leak', 'Connections are not given back.', {
      pool: name('Which pool of the service.'),
      rate: share('Share of leases that are never given back.'),
    }),
    kind('traffic-spike', 'More requests of users.', {
      factor: factor('So many times the rate.', { minimum: 0, maximum: 1_000 }),
    }),
    kind('memory-leak', 'Requests leave memory behind that is never freed.', {
      endpoint,
      per_request: bytes('Each request leaves so much.'),
    }),
    kind('cpu-steal', 'Others on the host take time of the cores.', {
      share: share('So much of each core.'),
    }),
    kind('lock-queue', 'A statement waits for a lock, and all that come later wait for it.', {
      table: name('Table that it wants to lock.'),
      statement: text('The statement, as the log of the database shows it.'),
    }),
    kind('cache-flush', 'What is remembered is forgotten, once.', {
      cache: name('Which cache of the service.'),
    }),
    kind('certificate-expiry', 'The certificate ends: new connections fail.', {}),
    kind('dns', 'The name does not resolve: new connections fail.', {
      answer: oneOf(['nxdomain', 'servfail', 'timeout'], 'What the resolver says.'),
    }),
    kind('network', 'Packets to and from the service are lost or late.', {
      loss: Type.Optional(share('Share of packets that are lost.')),
      delay: Type.Optional(duration('So much later.')),
    }),
    kind('disk-fill', 'Something fills the disk.', {
      rate: unit('bytes-rate', 'So fast.'),
    }),
    kind('write-burst', 'Replicas have more to apply than the requests account for.', {
      work: duration('Work of the replicas for each second.'),
    }),
    kind('poison-message', 'A message that no consumer can handle, once.', {
      topic: Type.Optional(name('Which topic of the queue, where it has several.')),
      partition: Type.Optional(
        count('Which partition, counted from 0; the first where left out.', {
          minimum: 0,
          maximum: limits.partitionsMax - 1,
        }),
      ),
    }),
    kind('exhaustion', 'A counter runs out of values, then requests fail.', {
      endpoint,
      counter: name('What runs out: orders.id.'),
      max: count('Its last value: 2147483647.', { minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
      left: count('Values that are left.', { minimum: 0, maximum: 1_000_000_000 }),
    }),
    kind('clock-skew', 'Clocks of instances are off.', {
      offset: Type.Optional(unit('signed-duration', 'Off by this.')),
      drift: Type.Optional(unit('signed-duration', 'And more by this each second.')),
    }),
    kind('telemetry-loss', 'It works, but what it tells gets lost.', {
      stream: oneOf(['logs', 'metrics', 'spans'], 'What gets lost.'),
      share: Type.Optional(share('How much of it; all where left out.')),
    }),
  ],
  'What goes wrong.',
);

export type FaultFile = Static<typeof fault>;
