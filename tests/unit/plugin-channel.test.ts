/** What comes through the channel of a person's process, byte by byte and message by message (Z7). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameCutter, frameOf } from '../../engine/detect/frames.ts';
import { parseMessage } from '../../engine/detect/plugin-message.ts';
import { checkedOutput, subjectsByKey } from '../../engine/detect/plugin-output.ts';
import { film } from '../../engine/detect/testing/scene.ts';
import { tries } from '../support/effort.ts';
import { burstScene } from '../support/plugin-run.ts';

describe('frames', () => {
  test('come out as they went in, wherever the stream is cut', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
    const cuts = fc.array(fc.nat(2_000), { maxLength: 12 });
    fc.assert(
      fc.property(payloads, cuts, (sent, at) => {
        const heard: number[][] = [];
        const cutter = new FrameCutter(300, {
          payload: (payload) => heard.push([...payload]),
          tooLong: () => expect.unreachable(),
        });
        const stream = Buffer.concat(sent.map(frameOf));
        const ends = [...at.filter((cut) => cut < stream.length), stream.length];
        let from = 0;
        for (const to of ends.sort((a, b) => a - b)) {
          cutter.add(stream.subarray(from, to));
          from = to;
        }
        expect(heard).toEqual(sent.map((payload) => [...payload]));
      }),
      { numRuns: tries(200) },
    );
  });

  test('of more than the limit are refused at their length, and nothing after them is heard', () => {
    const heard: unknown[] = [];
    const cutter = new FrameCutter(10, {
      payload: () => heard.push('payload'),
      tooLong: (bytes) => heard.push(bytes),
    });
    cutter.add(frameOf(Buffer.alloc(10)));
    cutter.add(frameOf(Buffer.alloc(11)).subarray(0, 4));
    cutter.add(Buffer.alloc(1000));
    expect(heard).toEqual(['payload', 11]);
  });
});

const header = film(burstScene).header;
const metadata = {
  ...{ apiVersion: 1 as const, id: 'mine', summary: 'x', per: 'service' as const, options: {} },
  ...{ messages: { seen: '{service}: {n}' }, hooks: ['log' as const] },
};
const placed = {
  index: 3,
  loaded: {
    id: 'mine',
    origin: 'file' as const,
    url: 'file:///m.ts',
    file: '/m.ts',
    config: {},
    metadata,
  },
};
const expected = { placed, subjects: subjectsByKey(placed, header), since: 100, until: 200 };

describe('messages', () => {
  test('of any text are read or refused, never thrown over', () => {
    const text = fc.oneof(fc.string(), fc.json(), fc.constant('['.repeat(200_000)));
    fc.assert(
      fc.property(text, (json) => {
        const message = parseMessage(json);
        expect(message === null || typeof message.type === 'string').toBe(true);
      }),
      { numRuns: tries(300) },
    );
  });

  test('do not describe what no detector may be', () => {
    const described = (changed: object) =>
      parseMessage(
        JSON.stringify({
          type: 'description',
          description: { kind: 'described', metadata: { ...metadata, ...changed } },
        }),
      );
    expect(described({})).toMatchObject({ description: { kind: 'described', metadata } });
    expect(described({ id: '../x' })).toMatchObject({ description: { kind: 'invalid' } });
    expect(described({ hooks: ['steal'] })).toMatchObject({ description: { kind: 'invalid' } });
    expect(described({ hooks: 7 })).toBeNull();
  });
});

describe('an output', () => {
  test('holds nothing that a run file could not, whatever was sent', () => {
    const t = fc.oneof(fc.integer({ min: 50, max: 250 }), fc.constantFrom(NaN, 1e300, -0, null));
    const share = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(2, -1, null, 'x'),
    );
    const finding = fc.record({
      t,
      subject: fc.constantFrom('web', 'nobody', '__proto__', 7),
      message: fc.constantFrom('seen', 'toString', undefined),
      score: share,
      severity: fc.constantFrom('warning', 'critical', 'fatal', undefined),
      values: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.constant(undefined)),
      service: fc.constant(99),
      cadenceUs: fc.constant(-1),
    });
    const score = fc.record({
      t,
      subject: fc.constantFrom('web', 'x'),
      score: share,
      alertScore: share,
    });
    const part = fc.oneof(
      fc.jsonValue(),
      fc.record({ findings: fc.array(finding), scores: fc.array(score), fed: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 3 }), (parts) => {
        const output = checkedOutput(parts, expected);
        for (const one of output.findings) {
          expect(one).toMatchObject({ detector: 'mine', subject: 'web', service: 0, series: null });
          expect(one.t).toSatisfy((at: number) => at >= 100 && at <= 200 && Number.isInteger(at));
          expect(one.score).toSatisfy((value: number) => value >= 0 && value <= 1);
          expect(one.cadenceUs).toBe(0);
        }
        const keys = output.scores.map((one) => `${one.t} ${one.subject}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const [index] of output.fed) expect(index).toBe(3);
      }),
      { numRuns: tries(300) },
    );
  });

  test('is taken where it is good, and each reason for what is not is told once with its count', () => {
    const good = { t: 150, subject: 'web', message: 'seen', score: 1, values: { n: 2 } };
    const late = { ...good, t: 201 };
    const output = checkedOutput(
      [{ findings: [good, late, late, { ...good, score: null }] }],
      expected,
    );
    expect(output.findings).toMatchObject([{ t: 150, body: 'web: 2', severity: 'warning' }]);
    expect(output.rejected).toMatchObject([
      { detector: 'mine', count: 2, reason: 'its time is in the future: 201 µs, and it is 200 µs' },
      { count: 1, reason: 'score is null; it must be a number from 0 to 1' },
    ]);
  });
});
