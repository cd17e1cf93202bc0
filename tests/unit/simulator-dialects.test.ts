import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runtimes, type Runtime } from '../../engine/scenario/model-services.ts';
import { severityNumbers } from '../../engine/sdk/index.ts';
import { Outcome } from '../../engine/simulator/requests.ts';
import {
  describeFailure,
  describeOwnFailure,
  stackTrace,
  writeLine,
  type Failure,
  type OwnFailure,
} from '../../engine/simulator/telemetry/dialects/index.ts';
import { statusOf } from '../../engine/simulator/telemetry/status.ts';
import { tries } from '../support/effort.ts';
import { context } from '../support/line-context.ts';

const failure: Failure = {
  outcome: Outcome.timeout,
  status: 502,
  callee: 'payments',
  method: 'POST',
  path: '/charges',
  elapsedMs: 2000,
  calleeKind: 'service',
  calleeAddress: '10.8.3.4',
  pool: 'main',
  cause: Outcome.ok,
  flavour: 7,
};
const ownFailure: OwnFailure = {
  cause: Outcome.ok,
  method: 'POST',
  path: '/orders/{id}',
  flavour: 7,
  table: '',
  counter: 'orders.id',
  max: 2147483647,
  message: '',
};
const calleeKinds = ['service', 'database', 'cache', 'queue', 'external'];
const outcomes = Object.entries(Outcome);
const flavours = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('a failed call', () => {
  test.each(runtimes)(
    'is told by %s in each of its forms, with the name of the callee',
    (runtime) => {
      for (const [name, outcome] of outcomes) {
        for (const calleeKind of calleeKinds) {
          const text = describeFailure(runtime, { ...failure, outcome, calleeKind });
          // A pool's exception knows the pool, not what is behind it.
          expect(text, `${name} ${calleeKind}`).toMatch(
            outcome === Outcome.poolTimeout ? /main/ : /payments|10\.8\.3\.4/,
          );
          expect(text, name).not.toMatch(/undefined|NaN|\[object|\{\w+\}/);
        }
      }
    },
  );

  test.each(runtimes)('keeps its words in %s, whatever their parameters', (runtime) => {
    for (const [, outcome] of outcomes) {
      for (const calleeKind of calleeKinds) {
        const shape = { ...failure, outcome, calleeKind };
        const one = describeFailure(runtime, {
          ...shape,
          callee: 'alphas',
          path: '/alphas',
          elapsedMs: 1111,
          calleeAddress: '10.8.1.1',
        });
        const other = describeFailure(runtime, {
          ...shape,
          callee: 'betas',
          path: '/betas',
          elapsedMs: 2222,
          calleeAddress: '10.8.2.2',
        });
        const slots = (text: string) =>
          text
            .replace(/alpha|beta/gi, 'NAME')
            .replace(/1111|2222|1\.11|2\.22/g, 'MS')
            .replace(/10\.8\.1\.1|10\.8\.2\.2/g, 'ADDRESS');
        expect(slots(other)).toBe(slots(one));
      }
    }
  });

  test('is worded as the libraries word it', () => {
    const said = (runtime: Runtime, more: Partial<Failure>) =>
      describeFailure(runtime, { ...failure, ...more });
    const times = { wall: context.wall, certificateEnd: '2026-03-02T09:00:00.000Z' };
    expect(said('go', { outcome: Outcome.tls, ...times })).toBe(
      'Post "https://payments:8443/charges": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-03-02T09:12:30Z is after 2026-03-02T09:00:00Z',
    );
    expect(said('node', { outcome: Outcome.dns })).toBe('getaddrinfo EAI_AGAIN payments');
    expect(said('node', { outcome: Outcome.dns, dnsAnswer: 'nxdomain' })).toBe(
      'getaddrinfo ENOTFOUND payments',
    );
    expect(said('java', { outcome: Outcome.dns, dnsAnswer: 'nxdomain' })).toBe(
      'java.net.UnknownHostException: payments: Name or service not known',
    );
    expect(
      said('java', {
        outcome: Outcome.poolTimeout,
        calleeKind: 'database',
        poolUse: { total: 40, active: 40, waiting: 12 },
      }),
    ).toBe(
      'java.sql.SQLTransientConnectionException: main - Connection is not available, request timed out after 2000ms (total=40, active=40, idle=0, waiting=12)',
    );
    expect(said('nginx', {})).toMatch(
      /^\*\d+ upstream timed out \(110: Connection timed out\) while reading response header from upstream, client: \S+, server: \S+, request: "POST \/charges HTTP\/1\.1", upstream: "http:\/\/10\.8\.3\.4:8080\/charges"/,
    );
    expect(said('python', { outcome: Outcome.shed })).toContain('429 Client Error');
  });

  test('of a database has the same words in its log and in the exception of its caller', () => {
    fc.assert(
      fc.property(flavours, fc.constantFrom(...outcomes), (flavour, [, cause]) => {
        if (cause === Outcome.stale) return;
        const { message } = describeOwnFailure('postgres', { ...ownFailure, cause, flavour });
        for (const runtime of ['node', 'go', 'java', 'python'] as const) {
          const { counter, max } = ownFailure;
          const database = { ...failure, outcome: Outcome.failed, calleeKind: 'database' };
          expect(describeFailure(runtime, { ...database, cause, flavour, counter, max })).toContain(
            message,
          );
        }
      }),
      { numRuns: tries(100) },
    );
  });

  test('has a status that says so', () => {
    for (const [name, outcome] of outcomes) {
      const status = statusOf(Outcome.failed, outcome);
      expect(status, name).toBeGreaterThanOrEqual(400);
      if (outcome === Outcome.ok) expect(statusOf(outcome, outcome)).toBe(200);
      else if (outcome !== Outcome.failed) expect(statusOf(outcome, Outcome.ok), name).toBe(status);
    }
  });
});

describe("a service's own failure", () => {
  test.each(runtimes)('is told by %s for each cause', (runtime) => {
    for (const [name, cause] of outcomes) {
      const told = describeOwnFailure(runtime, { ...ownFailure, cause });
      expect(told.message, name).not.toBe('');
      // JavaScript says it itself.
      const spoken = `${told.message}${told.stack}`.replaceAll('of undefined', '');
      expect(spoken).not.toMatch(/undefined|NaN|\[object/);
      expect(told.message, name).not.toContain('\n');
      expect(told.severity).toBeGreaterThanOrEqual(severityNumbers.warn);
    }
    const told = describeOwnFailure(runtime, { ...ownFailure, message: 'price list is empty' });
    expect(`${told.message}${told.stack}`).toContain('price list is empty');
  });

  test.each(['node', 'go', 'java', 'python'] as const)(
    'is one of a few mistakes in %s',
    (runtime) => {
      const counts = new Map<string, number>();
      for (let flavour = 0; flavour < 500; flavour++) {
        const { message } = describeOwnFailure(runtime, { ...ownFailure, flavour });
        const shape = message.replace(/\d+/g, 'N');
        counts.set(shape, (counts.get(shape) ?? 0) + 1);
      }
      expect(counts.size).toBeGreaterThanOrEqual(3);
      expect(counts.size).toBeLessThanOrEqual(4);
      expect(Math.max(...counts.values())).toBeGreaterThan(250);
    },
  );

  test('comes with the stack of its runtime', () => {
    const stack = (runtime: Runtime) => describeOwnFailure(runtime, ownFailure).stack;
    expect(stack('java')).toMatch(
      /^java\.\S+.*(\n\tat [\w.$/]+\([\w.]+:\d+\))+\n\t\.\.\. \d+ common frames omitted$/,
    );
    expect(stack('python')).toMatch(
      /^Traceback \(most recent call last\):\n( {2}File "[^"]+", line \d+, in \w+\n {4}.+\n)+\S+/,
    );
    expect(stack('node')).toMatch(/^\w+: .*(\n {4}at .+)+$/);
    expect(stack('go')).toMatch(/goroutine \d+ \[running\]:\n/);
    const origin = { path: '/orders', reason: 'java.net.SocketException: reset', flavour: 1 };
    expect(stackTrace('java', origin)).toContain('\nCaused by: java.net.SocketException: reset\n');
    expect(stackTrace('go', origin)).toBe('');
  });

  test.each([
    ['orders.id', 'integer out of range'],
    ['profiles.file', 'integer out of range'],
    ['orders_id_seq', 'nextval: reached maximum value of sequence "orders_id_seq" (2147483647)'],
    ['constructor', 'integer out of range'],
    ['open files', 'could not open file "base/16384/24601": Too many open files in system'],
  ])('of PostgreSQL tells what ran out: %s', (counter, message) => {
    const cause = Outcome.exhausted;
    expect(describeOwnFailure('postgres', { ...ownFailure, cause, counter }).message).toBe(message);
  });

  test('of PostgreSQL shows the statement, each part with the whole prefix', () => {
    const cause = Outcome.exhausted;
    const told = describeOwnFailure('postgres', { ...ownFailure, cause, table: 'orders' });
    expect(writeLine('postgres', context, told)).toBe(
      '2026-03-02 09:12:30.250 UTC [2013] app@checkout ERROR:  integer out of range\n' +
        '2026-03-02 09:12:30.250 UTC [2013] app@checkout STATEMENT:  INSERT INTO orders (customer_id, status, total) VALUES ($1, $2, $3) RETURNING id',
    );
  });
});
