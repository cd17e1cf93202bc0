import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runtimes, type Runtime } from '../../engine/scenario/model-services.ts';
import { severityNumbers } from '../../engine/sdk/index.ts';
import { Outcome } from '../../engine/simulator/requests.ts';
import {
  accessLine,
  describeSuccess,
  writeLine,
  type Access,
} from '../../engine/simulator/telemetry/dialects/index.ts';
import { tries } from '../support/effort.ts';
import { context } from '../support/line-context.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const flavours = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('a line', () => {
  test('of Node is JSON, whatever users wrote', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, anyText, (message, value, stack, name) => {
        const line = writeLine(
          'node',
          { ...context, instance: name },
          { severity: 17, message, fields: [['path', value]], stack, logger: value },
        );
        const parsed: unknown = JSON.parse(line);
        expect(line).not.toContain('\n');
        expect(parsed).toMatchObject({ level: 50, msg: message, path: value, hostname: name });
      }),
      { numRuns: tries(300) },
    );
  });

  test.each(runtimes)('of %s stays one line, whatever users wrote', (runtime) => {
    fc.assert(
      fc.property(anyText, anyText, (message, value) => {
        const line = writeLine(runtime, context, {
          severity: severityNumbers.warn,
          message: `${message}\n${message}\r`,
          fields: [['path', `${value}\n`]],
        });
        expect(line).not.toMatch(/[\n\r]/);
      }),
      { numRuns: tries(50) },
    );
  });

  const readers: Readonly<Record<Runtime, (line: string) => string | undefined>> = {
    node: (line) => new Date(Number(/"time":(\d+)/.exec(line)?.[1])).toISOString(),
    go: (line) => /^ts=(\S+) /.exec(line)?.[1],
    java: (line) => iso(/^(.{23}) +[A-Z]+ \[/.exec(line)?.[1]),
    python: (line) => iso(/^(.{23}) [A-Z]+ \[\d+\] [\w.]+: /.exec(line)?.[1]),
    nginx: (line) =>
      iso(`${/^(.{19}) \[\w+\] (\d+)#\2: /.exec(line)?.[1]?.replaceAll('/', '-')}.000`),
    envoy: (line) => iso(/^\[(.{23})\]\[\d+\]\[\w+\]\[\w+\] /.exec(line)?.[1]),
    postgres: (line) => iso(/^(.{23}) UTC \[\d+\] app@checkout [A-Z]+: {2}/.exec(line)?.[1]),
    redis: (line) => new Date(`${/^1:M (.{24}) [#*-] /.exec(line)?.[1]} UTC`).toISOString(),
    kafka: (line) => iso(/^\[(.{23})\] [A-Z]+ .* \([\w.]+\)$/.exec(line)?.[1]),
  };
  const iso = (text: string | undefined) =>
    text === undefined ? undefined : `${text.replace(' ', 'T').replace(',', '.')}Z`;

  test.each(runtimes)('of %s has the form and the time of its format', (runtime) => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('2099-12-31'), noInvalidDate: true }),
        flavours,
        fc.constantFrom(...Object.values(severityNumbers)),
        (date, flavour, severity) => {
          const wall = date.toISOString();
          const line = writeLine(
            runtime,
            { ...context, wall, wallMs: date.getTime(), flavour },
            { severity, message: 'it happened' },
          );
          const seconds = runtime === 'nginx';
          expect(readers[runtime](line)).toBe(seconds ? `${wall.slice(0, 19)}.000Z` : wall);
          expect(line).toContain('it happened');
        },
      ),
      { numRuns: tries(50) },
    );
  });

  test.each(runtimes)('of %s tells of success', (runtime) => {
    const success = { method: 'GET', path: '/orders', status: 200, ms: 12.5, flavour: 1 };
    const said = describeSuccess(runtime, success);
    const line = writeLine(runtime, context, { severity: severityNumbers.info, ...said });
    expect(line).toMatch(/orders|cmd=get/);
    expect(line).not.toMatch(/undefined|\n/);
  });
});

describe('an access line', () => {
  const access: Access = {
    wall: context.wall,
    traceId: context.traceId,
    flavour: 5,
    method: 'GET',
    path: '/search',
    status: 200,
    us: 412_000,
    cause: Outcome.ok,
    authority: 'web',
    upstream: '10.8.3.4:8080',
  };
  const envoyForm =
    /^\[(\S{24})\] "([A-Z]+) (\S+) HTTP\/1\.1" (\d+) ([A-Z,]+|-) (\d+) (\d+) (\d+) (\d+|-) "([0-9a-f.:]+)" "(.*)" "(\w*)" "(\w+)" "([\d.:]+|-)"$/u;
  const nginxForm =
    /^([0-9a-f.:]+) - - \[(\d{2}\/\w{3}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000)\] "([A-Z]+) ([!#-~]+) HTTP\/1\.1" (\d+) (\d+) "([ !#-~]*)" "([ !#-~]*)" rt=(\d+\.\d{3}) ups="([\d.:]+|-)" rid=(\w+|-)$/;
  const anyAccess = fc.record({
    flavour: flavours,
    method: fc.constantFrom('GET', 'POST'),
    path: fc.constantFrom('/search', '/orders/{id}/items', '/orders/:id', '/'),
    status: fc.constantFrom(200, 429, 503, 504),
    us: fc.integer({ min: 0, max: 60_000_000 }),
    cause: fc.constantFrom(...Object.values(Outcome)),
  });

  test('parses back into what it tells', () => {
    fc.assert(
      fc.property(anyAccess, (drawn) => {
        const given = { ...access, ...drawn };
        const seen = envoyForm.exec(accessLine('envoy', given));
        expect(seen?.slice(1, 3)).toEqual([context.wall, drawn.method]);
        expect(Number(seen?.[4])).toBe(drawn.status);
        expect(Number(seen?.[8])).toBe(Math.round(drawn.us / 1000));
        const other = nginxForm.exec(accessLine('nginx', given));
        expect(other?.[2]).toBe('02/Mar/2026:09:12:30 +0000');
        expect(Number(other?.[5])).toBe(drawn.status);
        // Both formats were told of the same user.
        expect(other?.[1]).toBe(seen?.[10]);
        expect(seen?.[3]).not.toMatch(/\{id\}|:id/);
      }),
      { numRuns: tries(500) },
    );
  });

  test('has the response flags of Envoy', () => {
    const flagsOf = (more: Partial<Access>) =>
      envoyForm.exec(accessLine('envoy', { ...access, status: 503, ...more }))?.[5];
    expect(flagsOf({})).toBe('-');
    expect(flagsOf({ cause: Outcome.timeout })).toBe('UT');
    expect(flagsOf({ cause: Outcome.unreachable })).toBe('UF');
    expect(flagsOf({ cause: Outcome.unreachable, retried: true })).toBe('UF,URX');
    expect(flagsOf({ cause: Outcome.reset })).toBe('UC');
    expect(flagsOf({ cause: Outcome.breakerOpen })).toBe('UO');
    expect(flagsOf({ cause: Outcome.dns })).toBe('NR');
    expect(flagsOf({ abandoned: true })).toBe('DC');
    expect(accessLine('nginx', { ...access, abandoned: true })).toContain('" 499 0 "');
  });

  test('seldom carries what is meant for its reader', () => {
    const count = 50_000;
    let odd = 0;
    let searches = 0;
    const agents = new Set<string | undefined>();
    for (let i = 0; i < count; i++) {
      const line = accessLine('envoy', { ...access, flavour: Math.imul(i, 0x9e3779b1) });
      if (/ignore |SYSTEM:|\{\{7|%7B%7B7|DROP|jndi|<script|%3Cimg/.test(line)) odd++;
      if (line.includes('?q=')) searches++;
      agents.add(envoyForm.exec(line)?.[11]);
    }
    expect(odd / count).toBeGreaterThan(0.001);
    expect(odd / count).toBeLessThan(0.03);
    expect(searches / count).toBeGreaterThan(0.9);
    expect(agents.size).toBeGreaterThan(35);
    expect(agents.has(undefined)).toBe(false);
  });

  test('of nginx escapes what is not plain ASCII', () => {
    const line = accessLine('nginx', { ...access, method: 'POST', path: '/é"\\' });
    expect(line).toContain('"POST /\\xC3\\xA9\\x22\\x5C HTTP/1.1"');
  });
});
