import { describe, expect, test } from 'vitest';
import type {
  ConsumerModel,
  ServiceModel,
  SimulatedScenario,
} from '../../engine/scenario/model.ts';
import { stepped } from '../support/simulation.ts';
import {
  act,
  answering,
  call,
  constant,
  endpoint,
  fault,
  minute,
  scenarioOf,
  second,
  service,
  users,
} from '../support/topology.ts';

const partitions = 3;

/** Users publish 30 messages a second; two consumers take 20 ms for each. */
function pipeline(
  how: Partial<ConsumerModel> = {},
  more: Partial<SimulatedScenario> = {},
  own: Partial<ServiceModel> = {},
): SimulatedScenario {
  const consumes = [
    { service: 1, topic: 0, endpoint: 0, attemptsMax: Infinity, backoffUs: second, ...how },
  ];
  return scenarioOf(
    [
      service('web', answering(constant(1), call(1))),
      service('events', { kind: 'queue', endpoints: [endpoint({ name: 'orders', partitions })] }),
      service('mailer', { instances: 2, consumes, ...answering(constant(20)), ...own }),
    ],
    { durationUs: 10 * minute, traffic: [users(30)], ...more },
  );
}

const poison = fault(1, { at: minute }, { kind: 'poison-message', topic: 0, partition: 1 });

describe('a queue', () => {
  test('hands each message on once, in turn over its partitions', () => {
    const { queues, endpoints } = stepped(pipeline()).to(10 * minute);
    const published = endpoints[1]?.ok ?? 0;
    queues.forEach(({ received, handled, waiting, failed }, p) => {
      expect(received).toBe(Math.floor((published + partitions - 1 - p) / partitions));
      expect(handled + waiting).toBe(received);
      expect(failed).toBe(0);
    });
  });

  test('takes messages of a partition one at a time: the line grows where that is too slow', () => {
    // 10 a second in each partition, and 8 that can be handled.
    const { queues } = stepped(pipeline({}, {}, answering(constant(125)))).to(10 * minute);
    for (const { waiting } of queues) {
      expect(waiting).toBeGreaterThan(900);
      expect(waiting).toBeLessThan(1500);
    }
  });

  test('a message that nobody can handle holds up its partition alone, until it is skipped', () => {
    const inputs = [act(3 * minute, { kind: 'skip-message', service: 1, topic: 0 })];
    const run = stepped(pipeline({}, { faults: [poison] }), { inputs });
    const stuck = run.to(3 * minute - 1).queues;
    expect(stuck[1]?.waiting).toBeGreaterThan(1100);
    expect(stuck[1]?.failed).toBeGreaterThan(100);
    for (const p of [0, 2]) expect(stuck[p]?.waiting).toBeLessThan(10);
    const after = run.to(10 * minute).queues;
    expect(after[1]?.skipped).toBe(1);
    expect(after[1]?.waiting).toBeLessThan(10);
    expect(after[0]?.skipped).toBe(0);
  });

  test('a message that is skipped while it is handled is done with once', () => {
    // Half a second for each delivery, and a tenth until the next: it is likely to be under way.
    const slow = pipeline({ backoffUs: 100_000 }, { faults: [poison] }, answering(constant(500)));
    for (let at = 2 * minute; at < 2 * minute + second; at += 150_000) {
      const inputs = [act(at, { kind: 'skip-message', service: 1, topic: 0 })];
      const run = stepped({ ...slow, traffic: [users(1)] }, { inputs });
      const [, queue] = run.to(10 * minute).queues;
      const { received = 0, handled = 0, skipped = 0, waiting = 0 } = queue ?? {};
      expect(skipped).toBe(1);
      expect(handled + skipped + waiting).toBe(received);
      expect(waiting).toBeLessThan(5);
    }
  });

  test('after so many deliveries it goes to the dead letters, and the line moves on', () => {
    const run = stepped(pipeline({ attemptsMax: 4 }, { faults: [poison] }));
    const [, queue] = run.to(10 * minute).queues;
    expect(queue?.deadLetters).toBe(1);
    expect(queue?.failed).toBe(4);
    expect(queue?.waiting).toBeLessThan(10);
  });

  test('more consumers do not help a partition that is held up', () => {
    const inputs = [act(2 * minute, { kind: 'scale', service: 2, instances: 6 })];
    const run = stepped(pipeline({}, { faults: [poison] }, { instancesMax: 6 }), { inputs });
    expect(run.to(10 * minute).queues[1]?.waiting).toBeGreaterThan(5000);
  });

  test('a consumer that is paused takes nothing, and the line waits', () => {
    const inputs = [act(minute, { kind: 'pause-consumer', service: 2 })];
    const run = stepped(pipeline(), { inputs });
    const before = run.to(minute + second).queues.map(({ handled }) => handled);
    const { queues, endpoints } = run.to(5 * minute);
    expect(queues.map(({ handled }) => handled)).toEqual(before);
    expect(endpoints[0]?.failed).toBe(0);
  });

  test('a message whose consumer died is delivered again to another one, after a while', () => {
    const crash = fault(
      2,
      { at: minute },
      { kind: 'crash', restartAfterUs: null },
      { instances: 1 },
    );
    const run = stepped(pipeline({}, { faults: [crash] }));
    const before = run.to(minute).queues;
    const during = run.to(minute + 2 * second).queues;
    expect(during.some(({ handled }, p) => handled === before[p]?.handled)).toBe(true);
    const { queues } = run.to(10 * minute);
    for (const { received, handled, waiting } of queues) {
      expect(waiting).toBeLessThan(20);
      expect(handled + waiting).toBe(received);
    }
  });
});
