import { gzipSync } from 'node:zlib';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../engine/limits.ts';
import { readAll, recorded, workplace } from '../support/recording.ts';
import type { Workplace } from '../support/recording.ts';

let place: Workplace;
beforeEach(() => void (place = workplace()));
afterEach(() => place.remove());

const read = (content: string | Uint8Array, options: Record<string, unknown> = {}) => {
  const path = place.write('app.jsonl', content);
  return readAll(recorded([{ format: 'jsonl-logs', path, options }]), place.cacheFolder);
};
const ts = '2024-05-01T12:00:00.000Z';
const line = (entry: object) => JSON.stringify({ ts, ...entry }) + '\n';

describe('fields', () => {
  test.each([
    ['pino', { level: 50, msg: 'x' }, 17],
    ['OpenTelemetry', { severity_number: 20, body: 'x' }, 20],
    ['text', { level: 'WARNING', message: 'x' }, 13],
    ['nested', { log: { level: 'fatal' }, msg: 'x' }, 21],
    ['dotted', { 'log.level': 'debug', msg: 'x' }, 5],
    ['only in the text', { msg: '12:00:01 ERROR it broke' }, 17],
    ['none', { msg: 'x' }, 9],
  ])('severity: %s', async (_, entry, severity) => {
    const { records } = await read(line(entry));
    expect(records.map((record) => record.severity)).toEqual([severity]);
  });

  test('syslog numbers run the other way, when the scenario says so', async () => {
    const { records } = await read(line({ level: 3, msg: 'x' }), { levels: 'syslog' });
    expect(records[0]?.severity).toBe(17);
  });

  test('service, trace and attributes come from flat and nested keys alike', async () => {
    const { records } = await read(
      line({ service: { name: 'cart' }, traceId: 'abc', msg: 'm', http: { status: 200 } }) +
        line({ 'service.name': 'cart', trace_id: 'abc', msg: 'm', 'http.status': 200 }),
    );
    for (const record of records) {
      expect(record).toMatchObject({ service: 'cart', trace: 'abc', name: 'm' });
      expect(record.attributes['http.status']).toBe(200);
    }
    expect(records).toHaveLength(2);
  });

  test('named fields beat the usual names', async () => {
    const text = JSON.stringify({ when: ts, who: 'cart', what: 'hello', msg: 'not this' });
    const { records } = await read(text, {
      fields: { time: 'when', service: 'who', body: 'what' },
    });
    expect(records[0]).toMatchObject({ service: 'cart', name: 'hello' });
  });

  test('nanoseconds order records and survive as an attribute', async () => {
    const { records } = await read(
      '{"ts":1714564800000000900,"msg":"second"}\n{"ts":1714564800000000100,"msg":"first"}\n',
    );
    expect(records.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(records.map(({ attributes }) => attributes['nanosecond'])).toEqual([100, 900]);
  });
});

describe('hostile lines', () => {
  test('what cannot be read is counted with its place, the rest is kept', async () => {
    const { header, report, records } = await read(
      line({ msg: 'good' }) +
        'not json\n[1]\n{"msg":"no time"}\n' +
        line({ msg: 'also' }) +
        '{"ts":',
    );
    expect(records.map(({ name }) => name)).toEqual(['good', 'also']);
    expect(header.intake).toEqual({
      read: 6,
      stored: 2,
      rejected: 4,
      truncated: 0,
      duplicates: 0,
    });
    expect(report.rejections.map(({ line: at }) => at)).toEqual([2, 3, 4, 6]);
  });

  test('a line beyond the limit is cut with a marker and counted', async () => {
    const huge = line({ msg: 'a'.repeat(limits.lineBytesMax) });
    const { header, records } = await read(
      huge + line({ msg: 'b'.repeat(limits.bodyCharsMax + 1) }),
    );
    expect(header.intake).toMatchObject({ stored: 2, truncated: 2, rejected: 0 });
    for (const { name } of records) {
      expect(name.length).toBeLessThanOrEqual(limits.bodyCharsMax);
      expect(name.endsWith('… [truncated]')).toBe(true);
    }
  });

  test('invalid UTF-8 and lone surrogates become U+FFFD, control characters stay', async () => {
    const invalid = Buffer.concat([
      Buffer.from(`{"ts":"${ts}","msg":"a`),
      Buffer.from([0xff]),
      Buffer.from('b"}\n'),
    ]);
    const rest = `{"ts":"${ts}","msg":"c\\ud800d"}\n{"ts":"${ts}","msg":"e\\u0000\\u001b[31mf"}\n`;
    const { records } = await read(Buffer.concat([invalid, Buffer.from(rest)]));
    expect(records.map(({ name }) => name)).toEqual(['a\uFFFDb', 'c\uFFFDd', 'e\0\u001b[31mf']);
  });

  test('a key called __proto__ is an attribute like any other', async () => {
    const { records } = await read(`{"ts":"${ts}","msg":"x","__proto__":{"polluted":true}}\n`);
    expect(Object.keys(records[0]?.attributes ?? {})).toEqual(['__proto__.polluted']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('thousands of attributes and deep nesting stay within the limits', async () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]));
    const deep = `{"ts":"${ts}","msg":"deep","a":${'['.repeat(50_000)}${']'.repeat(50_000)}}\n`;
    const { header, records } = await read(line({ msg: 'wide', ...many }) + deep);
    expect(Object.keys(records[0]?.attributes ?? {}).length).toBe(limits.attributesMax);
    expect(header.intake).toMatchObject({ read: 2 });
    expect(header.intake?.truncated).toBeGreaterThan(0);
  });

  test('BOM, CRLF and empty lines are no records', async () => {
    const { header } = await read(
      `\uFEFF${line({ msg: 'a' }).trimEnd()}\r\n\r\n${line({ msg: 'b' })}`,
    );
    expect(header.intake).toMatchObject({ read: 2, stored: 2 });
  });
});

describe('files', () => {
  test('gzip is known by its bytes; one that ends early gives what it holds', async () => {
    const text = Array.from({ length: 20_000 }, (_, i) =>
      JSON.stringify({ ts: 1714564800000 + i, msg: `m${(i * 7919) % 20_000}` }),
    ).join('\n');
    const whole = await read(gzipSync(text));
    expect(whole.header.intake).toMatchObject({ stored: 20_000, rejected: 0 });
    const zipped = gzipSync(text);
    const early = await read(zipped.subarray(0, zipped.length >> 1));
    expect(early.records.length).toBeGreaterThan(1000);
    expect(early.report.rejections.some(({ reason }) => /gzip/.test(reason))).toBe(true);
  });

  test('a missing file is named with its nearest neighbour, a folder and an empty file are refused', async () => {
    place.write('app.jsonl', '');
    mkdirSync(join(place.folder, 'folder'));
    const reading = (name: string) =>
      readAll(
        recorded([{ format: 'jsonl-logs', path: join(place.folder, name), options: {} }]),
        place.cacheFolder,
      );
    await expect(reading('ap.jsonl')).rejects.toMatchObject({
      code: 'SOURCE_MISSING',
      details: { suggestion: join(place.folder, 'app.jsonl') },
    });
    await expect(reading('folder')).rejects.toMatchObject({ code: 'RECORDING_UNREADABLE' });
    await expect(reading('app.jsonl')).rejects.toMatchObject({ code: 'RECORDING_UNREADABLE' });
  });

  test('a clock from another age is an error, not a run of fifty years', async () => {
    const old = '{"ts":12345,"msg":"seconds since boot"}\n';
    await expect(read(old + line({ msg: 'now' }))).rejects.toMatchObject({
      code: 'RECORDING_UNREADABLE',
      message: expect.stringContaining('broken clock') as string,
    });
  });
});

describe('duplicates', () => {
  test('the same line in two files is one event, twice in one file it is two', async () => {
    const twice = line({ msg: 'a' }) + line({ msg: 'a' });
    const first = place.write('first.jsonl', twice);
    const second = place.write('second.jsonl', line({ msg: 'a' }) + line({ msg: 'b' }));
    const sources = [first, second].map((path) => ({
      format: 'jsonl-logs' as const,
      path,
      options: {},
    }));
    for (const order of [sources, sources.toReversed()]) {
      const { header, records } = await readAll(recorded(order), place.cacheFolder);
      expect(records.map(({ name }) => name).sort()).toEqual(['a', 'a', 'b']);
      expect(header.intake).toMatchObject({ read: 4, stored: 3, duplicates: 1 });
    }
  });
});
