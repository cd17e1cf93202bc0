import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runtimes, type Runtime } from '../../engine/scenario/model-services.ts';
import { severityNumbers } from '../../engine/sdk/index.ts';
import {
  backgroundLines,
  describeLifecycle,
  fillSlots,
  writeLine,
  type LifecycleKind,
  type LifecycleParams,
} from '../../engine/simulator/telemetry/dialects/index.ts';
import { context } from '../support/line-context.ts';

describe('an event', () => {
  const collection = {
    number: 812,
    beforeBytes: 512 * 2 ** 20,
    afterBytes: 318 * 2 ** 20,
    totalBytes: 2 ** 30,
    pauseMs: 8.214,
  };
  const lock = {
    table: 'orders',
    mode: 'AccessExclusiveLock',
    waitedMs: 1000.123,
    waiting: 3,
    statement: 'ALTER TABLE orders ADD COLUMN note text',
  };
  const partition = { topic: 'orders', partition: 3 };
  const samples: LifecycleParams = {
    started: { version: 'v42', tookMs: 4200 },
    stopping: { inFlight: 12 },
    'start-failed': { callee: 'orders-db', reason: 'connection refused', retryMs: 1000 },
    'oom-killed': { limitBytes: 2 ** 30 },
    crashed: { exitCode: 1, restarts: 2 },
    'probe-failed': { probe: 'Liveness', reason: 'timeout', status: 0 },
    scaled: { from: 3, to: 5 },
    'disk-pressure': { usedShare: 0.91 },
    'clock-step': { offsetMs: -42_123 },
    'config-loaded': { revision: 'r7' },
    'config-failed': { revision: 'r8', reason: '201 features, limit 200' },
    flag: { flag: 'new-tax', on: true },
    'certificate-loaded': { certificateEnd: '2027-03-02T09:00:00Z' },
    'gc-pause': collection,
    'long-gc': collection,
    'heap-exhausted': { limitBytes: 2 ** 30 },
    'lock-wait': lock,
    'lock-acquired': lock,
    checkpoint: { buffers: 812, writeMs: 26_000 },
    'replica-lag': { lagMs: 12_500, primary: 'orders-db' },
    'slow-statement': { ms: 812.5, table: 'orders', statement: 'SELECT 1' },
    'consumer-lag': { ...partition, group: 'billing', lag: 8123 },
    rebalance: { group: 'billing', generation: 12, members: 3 },
    poison: { ...partition, offset: 4711, attempt: 2 },
    'dead-letter': { ...partition, offset: 4711, attempts: 5 },
    'breaker-opened': { callee: 'payments', failureShare: 0.625, calls: 40 },
    'breaker-closed': { callee: 'payments' },
    'disk-full': { path: '/var/lib/data' },
    'cache-flushed': { cache: 'products', keys: 812 },
    'upstream-ejected': { callee: 'payments', address: '10.8.3.4:8080' },
    'upstream-restored': { callee: 'payments', address: '10.8.3.4:8080' },
    retrying: { attempt: 1, attempts: 3, pauseMs: 200, reason: 'socket hang up' },
    'lease-late': { pool: 'main', waitMs: 812, total: 10, active: 10, waiting: 4 },
    suppressed: { count: 14, what: 'request failed' },
  };
  const kinds = Object.keys(samples) as LifecycleKind[];
  const told = <K extends LifecycleKind>(runtime: Runtime, kind: K) =>
    describeLifecycle(runtime, { kind, params: samples[kind] }, context);

  test.each(runtimes)('of any kind has words in %s', (runtime) => {
    for (const kind of kinds) {
      const { message, severity, verbatim = false } = told(runtime, kind);
      expect(message, kind).not.toMatch(/^$|undefined|NaN|\[object/);
      expect(Object.values<number>(severityNumbers), kind).toContain(severity);
      if (!verbatim) expect(message, kind).not.toContain('\n');
    }
  });

  test('of the platform is told by the platform, in its own format', () => {
    const platform = [
      'oom-killed',
      'crashed',
      'probe-failed',
      'scaled',
      'disk-pressure',
      'clock-step',
    ] as const;
    for (const runtime of runtimes) {
      for (const kind of platform) {
        const { message, verbatim } = told(runtime, kind);
        expect(verbatim, kind).toBe(true);
        expect(message).toMatch(
          /^([IWE]0302 09:12:30\.250\d{3} {7}1 \w+\.go:\d+\] "[^"]+"( \w+=("([^"\\]|\\.)*"|\d+))+|Mar {2}2 09:12:30 node-3 (kernel: \[\d+\.\d{6}\]|chronyd\[\d+\]:) .+)$/,
        );
      }
    }
    expect(told('java', 'oom-killed').message).toMatch(
      /Memory cgroup out of memory: Killed process \d+ \(java\) total-vm:\d+kB, anon-rss:\d+kB/,
    );
    expect(told('go', 'oom-killed').message).toContain('(checkout)');
  });

  test('is worded as programs word it', () => {
    const pause = told('java', 'gc-pause');
    expect(writeLine('java', context, pause)).toBe(
      '[2026-03-02T09:12:30.250+0000][info][gc] GC(812) Pause Young (Normal) (G1 Evacuation Pause) 512M->318M(1024M) 8.214ms',
    );
    const wait = told('postgres', 'lock-wait');
    expect(wait.message).toMatch(
      /^process \d+ still waiting for AccessExclusiveLock on relation \d+ of database 16384 after 1000\.123 ms$/,
    );
    expect(wait.stack).toContain('STATEMENT:  ALTER TABLE orders');
    const rebalance = told('kafka', 'rebalance');
    expect(writeLine('kafka', context, rebalance)).toBe(
      '[2026-03-02 09:12:30,250] INFO [GroupCoordinator 1]: Stabilized group billing generation 12 (__consumer_offsets-12) with 3 members (kafka.coordinator.group.GroupCoordinator)',
    );
  });
});

describe('the background', () => {
  test.each(runtimes)('of %s is steady, and a little odd', (runtime) => {
    const lines = backgroundLines[runtime];
    expect(lines.length).toBeGreaterThanOrEqual(8);
    expect(lines.length).toBeLessThanOrEqual(16);
    const total = lines.reduce((sum, { weight }) => sum + weight, 0);
    const share = (some: (line: (typeof lines)[number]) => boolean) =>
      lines.filter(some).reduce((sum, { weight }) => sum + weight, 0) / total;
    expect(lines.every(({ weight }) => weight > 0)).toBe(true);
    expect(share(({ severity }) => severity <= severityNumbers.info)).toBeGreaterThan(0.5);
    if (runtime !== 'redis') {
      expect(share(({ severity }) => severity >= severityNumbers.error)).toBeGreaterThan(0.01);
    }
    expect(share(({ severity }) => severity >= severityNumbers.error)).toBeLessThan(0.25);
    const whole = lines.map(({ message, stack = '' }) => `${message}\n${stack}`);
    expect(Math.max(...whole.map((text) => Buffer.byteLength(text)))).toBeGreaterThan(3_000);
    expect(Math.max(...whole.map((text) => Buffer.byteLength(text)))).toBeLessThan(8_192);
    expect(whole.some((text) => text.includes('\uFFFD'))).toBe(true);
    expect(whole.some((text) => text.trim().includes('\n'))).toBe(true);
    // What is cut or huge is rare.
    expect(share(({ verbatim = false }) => verbatim)).toBeLessThan(0.03);
    expect(share(({ message }) => message.length > 1_000)).toBeLessThan(0.01);
  });

  test.each(runtimes)('of %s fills all of its slots', (runtime) => {
    for (const { message, stack = '' } of backgroundLines[runtime]) {
      for (const bits of [0, 1, 0x7fffffff, 0xffffffff]) {
        const filled = fillSlots(message + stack, bits);
        expect(filled).not.toMatch(/\{(?:n|m|ip|hex|user|ms)\}|undefined|NaN/);
        expect(fillSlots(message + stack, bits)).toBe(filled);
      }
    }
  });

  test('fills slots and nothing else', () => {
    expect(fillSlots('{"a":{n},"b":{}} {', 1)).toMatch(/^\{"a":\d{1,3},"b":\{\}\} \{$/);
    expect(fillSlots('{ip} {hex} {user} {ms}', 9)).toMatch(
      /^10\.8\.\d+\.\d+ [0-9a-f]{8} u-\d{5} \d{1,4}$/,
    );
    expect(fillSlots('{n} {n}', 3)).not.toBe(fillSlots('{n} {n}', 4));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(), (text, bits) => {
        const free = text.replace(/[{}]/g, '');
        expect(fillSlots(`{${free}${free}`, bits)).toBe(`{${free}${free}`);
      }),
    );
  });
});
