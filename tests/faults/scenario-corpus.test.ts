// Bad scenario files, one of each kind: what is said, where, and that it never takes long.
import { describe, expect, test } from 'vitest';
import { chain, heavy, instead, kilo, plus } from '../support/heavy-scenarios.ts';
import { minimal, parse, verdict } from '../support/scenario-text.ts';

/** Of the processor, not of the clock: other tests run beside these. */
const cpuMsMax = 5_000;
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

type Case = readonly [name: string, text: string | Uint8Array, expected: readonly string[]];

const bytes = (before: string, ...rest: number[]) =>
  Uint8Array.from([...new TextEncoder().encode(before), ...rest]);
const utf16 = (text: string, order: 'le' | 'be') => {
  const encoded = Buffer.from(text, 'utf16le');
  return order === 'le' ? encoded : encoded.swap16();
};
const utf32 = (text: string) =>
  Buffer.from(
    [...`\ufeff${text}`].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8, 0, 0]),
  );
const bomb = Array.from({ length: 9 }, (_, level) => {
  const entries =
    level === 0
      ? 'x,x,x,x,x,x,x,x,x'
      : Array(9)
          .fill(`*a${level - 1}`)
          .join(',');
  return `x${level}: &a${level} [${entries}]`;
}).join('\n');

const allowedAtTop =
  '[allowed: apiVersion, name, title, description, tags, difficulty, seed, objectives, truth, detectors, kind, start and 9 more]';
const noTags = '[remove it; quote the value where it is text]';
const bulk = '[a scenario is a plan; records belong into a recording: kind: recorded]';

// One case a line reads as the table it is. Numbers: the list of bad inputs in the security notes.
// prettier-ignore
const cases: readonly Case[] = [
  ['1 empty', '', ['1:1 syntax: the file is empty [begin with: apiVersion: workbench/v1]']],
  ['2 only comments', '# a\n# b\n', ['1:1 syntax: the file is empty [begin with: apiVersion: workbench/v1]']],
  ['3 null', 'null\n', ['1:1 wrong-type: the file must be a map of keys, not null']],
  ['3 a scalar', 'hello\n', ['1:1 wrong-type: the file must be a map of keys, not the text "hello"']],
  ['3 a list', '- a\n', ['1:1 wrong-type: the file must be a map of keys, not a list']],
  ['4 tab', instead('    service_time', '\tservice_time'), ['7:1 syntax: a tab as indentation [indent with spaces]']],
  ['5 bad indent', instead('    service_time', '   service_time'), ['7:1 syntax: sequence item without - indicator']],
  ['6 quote left open', instead('small', '"small'), ['3:7 syntax: a quote that is never closed']],
  ['6 flow left open', instead('20ms }', '20ms'), ['8:1 syntax: flow map in block collection must be sufficiently indented and end with a }']],
  ['7 duplicate key', plus('name: again'), ['10:1 duplicate: key "name" for the second time']],
  ['8 two documents', `${minimal}---\n${minimal}`, ['10:1 syntax: a second document [one scenario per file: remove the ---]']],
  ['9 byte order mark', bytes('\ufeff', ...new TextEncoder().encode(minimal)), ['ok']],
  ['10 CRLF', minimal.replaceAll('\n', '\r\n'), ['ok']],
  ['10 CR alone', minimal.replaceAll('\n', '\r'), ['ok']],
  ['10 CRLF keeps lines', plus('nam: x').replaceAll('\n', '\r\n'), [`10:1 unknown-key: unknown key "nam" ${allowedAtTop.replace('[', '[did you mean "name"? ')}`]],
  ['11 NUL', instead('small', 'sm\0all'), ['3:9 encoding: a NUL character']],
  ['12 UTF-16LE', utf16(`\ufeff${minimal}`, 'le'), ['1:1 encoding: the file is UTF-16LE [save as UTF-8]']],
  ['12 UTF-16BE', utf16(`\ufeff${minimal}`, 'be'), ['1:1 encoding: the file is UTF-16BE [save as UTF-8]']],
  ['12 UTF-16 unmarked', utf16(minimal, 'le'), ['1:1 encoding: the file is UTF-16LE [save as UTF-8]']],
  ['12 UTF-32', utf32(minimal), ['1:1 encoding: the file is UTF-32LE [save as UTF-8]']],
  ['13 invalid UTF-8', bytes('name: "', 0xff, 0x22), ['1:8 encoding: byte 8 is not UTF-8 [save as UTF-8]']],
  ['13 invalid UTF-8 behind CRLF', bytes('a: é\r\nname: "', 0xff), ['2:8 encoding: byte 15 is not UTF-8 [save as UTF-8]']],
  ['13 cut in a character', bytes('name: ', 0xe2, 0x82), ['1:7 encoding: byte 7 is not UTF-8 [save as UTF-8]']],
  ['14 overlong', bytes('name: ', 0xc0, 0xaf), ['1:7 encoding: byte 7 is not UTF-8 [save as UTF-8]']],
  ['14 CESU-8', bytes('name: ', 0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80), ['1:7 encoding: byte 7 is not UTF-8 [save as UTF-8]']],
  ['15 lone surrogate', plus('title: "a \\uD800 b"'), ['10:8 encoding: half of a surrogate pair: no character at all']],
  ['16 alias bomb', plus(bomb), ['11:10 limit: more than 50 aliases, those inside of others counted [write the values out]']],
  ['17 quadratic alias', plus(`x: [&a ${'x'.repeat(3000)}${', *a'.repeat(99)}]`), ['10:3210 limit: more than 50 aliases, those inside of others counted [write the values out]']],
  ['17 an honest alias', instead('{ p50', '&time { p50').replace('traffic:', '  - { name: idle, service_time: *time }\ntraffic:'), ['ok', '8:13 warning no-effect: no request ever reaches idle']],
  ['18 cyclic alias', plus('x: &a [*a]'), ['10:8 forbidden: alias *a contains itself']],
  ['19 undefined alias', plus('title: *nope'), ['10:8 reference: alias *nope: no anchor &nope before it']],
  ['20 merge key', instead('- name: web', '- <<: { workers: 3 }\n    name: web'), ['6:5 forbidden: merge keys (<<) are not read [write the keys out]']],
  ['21 !!js/function', plus('title: !!js/function "f"'), [`10:8 forbidden: tag !!js/function: tags are not read ${noTags}`]],
  ['21 !!binary', plus('title: !!binary aGk='), [`10:8 forbidden: tag !!binary: tags are not read ${noTags}`]],
  ['21 !!set', plus('title: !!set { a }'), [`10:8 forbidden: tag !!set: tags are not read ${noTags}`]],
  ['22 depth 64', plus(`x: ${'['.repeat(63)}${']'.repeat(63)}`), [`10:1 unknown-key: unknown key "x" ${allowedAtTop}`]],
  ['22 depth 65', plus(`x: ${'['.repeat(64)}${']'.repeat(64)}`), ['10:67 limit: nested deeper than 64 levels']],
  ['22 depth 1,000', '['.repeat(1000), ['1:128 limit: nested deeper than 64 levels']],
  ['22 depth 100,000', '['.repeat(100_000), ['1:128 limit: nested deeper than 64 levels']],
  ['22 blocks in one line', '- '.repeat(100_000), ['1:257 limit: nested deeper than 64 levels']],
  ['25 a scalar of 64 KiB and 1', plus(`title: ${'x'.repeat(64 * kilo + 1)}`), ['10:8 limit: title is longer than 4000 characters']],
  ['26 __proto__ as key', plus('__proto__: { polluted: true }'), ['10:1 forbidden: "__proto__" cannot be a key: JavaScript reserves it']],
  ['26 constructor as key', plus('constructor: { prototype: { polluted: true } }'), ['10:1 forbidden: "constructor" cannot be a key: JavaScript reserves it',]],
  ['26 toString as key', plus('toString: 1'), [`10:1 unknown-key: unknown key "toString" ${allowedAtTop}`]],
  ['26 hasOwnProperty as key', plus('hasOwnProperty: 1'), [`10:1 unknown-key: unknown key "hasOwnProperty" ${allowedAtTop}`]],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((name): Case => [
    `26 ${name} as service`,
    minimal.replaceAll(' web', ` ${name}`),
    [`6:11 forbidden: "${name}" cannot be the name of a service: JavaScript reserves it ["${name.replaceAll('_', '')}-1" would do]`],
  ]),
  ['26 prototype as service', minimal.replaceAll(' web', ' prototype'), ['ok']],
  ['27 number as key', plus('1: x'), [`10:1 unknown-key: unknown key "1" ${allowedAtTop}`]],
  ['27 list as key', plus('? [a, b]\n: x'), ['10:3 syntax: a key that is no text [quote it]']],
  ['28 no', instead('small', 'no'), ['ok', '3:7 warning portability: "no" is text here, and something else to tools of YAML 1.1 [quote it: "no"]']],
  ['28 on', plus('title: on'), ['ok', '10:8 warning portability: "on" is text here, and something else to tools of YAML 1.1 [quote it: "on"]']],
  ['28 017', instead('small', '017'), ['3:7 wrong-type: name must be text, not the number 017 [quote it: "017"]']],
  ['28 true', instead('small', 'true'), ['3:7 wrong-type: name must be text, not the true/false value true [quote it: "true"]']],
  ['28 1:30', instead('30m', '1:30'), ['4:11 bad-value: "1:30" is no duration; write 1m30s or 1h30m']],
  ['28 date as text', plus('title: 2001-12-14'), ['ok', '10:8 warning portability: "2001-12-14" is text here, and something else to tools of YAML 1.1 [quote it: "2001-12-14"]']],
  ['28 quoted', plus('title: "2001-12-14"'), ['ok']],
  ['29 %YAML 1.1', `%YAML 1.1\n---\n${minimal}`, ['1:1 forbidden: directive %YAML 1.1 [remove the line: YAML 1.2 it is]']],
  ['30 JSON', JSON.stringify(asJson()), ['ok']],
  ['30 JSON with tabs', JSON.stringify(asJson(), null, '\t'), ['ok']],
  ['commas', `[${','.repeat(250 * kilo)}`, [`1:150001 limit: more than 50000 values ${bulk}`]],
];

function asJson() {
  return {
    apiVersion: 'workbench/v1',
    kind: 'simulated',
    name: 'small',
    duration: '30m',
    services: [{ name: 'web', service_time: { p50: '4ms', p99: '20ms' } }],
    traffic: [{ entry: 'web', rate: '30/s' }],
  };
}

describe('one problem, one message, at its place', () => {
  test.each(cases)('%s', (_name, text, expected) => {
    const began = cpuMs();
    expect(verdict(text)).toEqual(expected);
    expect(cpuMs() - began).toBeLessThan(cpuMsMax);
  });
});

describe('hostile sizes are answered in time', () => {
  test.each(heavy)('%s', (_name, text) => {
    const began = cpuMs();
    const result = parse(text);
    expect(cpuMs() - began).toBeLessThan(cpuMsMax);
    const problems = result.scenario ? result.warnings : result.problems;
    expect(problems.length).toBeLessThanOrEqual(20);
    const lineCount = text.split('\n').length;
    for (const { line, column } of problems) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lineCount);
      expect(column).toBeGreaterThanOrEqual(1);
    }
  });

  test('a deep chain of calls is fine, and each hop counts', () => {
    expect(verdict(chain(400))).toEqual(['ok']);
    // 400 hops at 100/s for half an hour.
    expect(verdict(chain(400).replace('30/s', '100/s'))).toEqual([
      `${chain(400).split('\n').indexOf('traffic:') + 1}:1 limit: about 72,000,000 requests, calls between services counted; the limit is 50,000,000 [lower the rates or the duration]`,
    ]);
  });
});

test('no bad file leaves a trace on the objects of others', () => {
  for (const [, text] of cases) verdict(text);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
