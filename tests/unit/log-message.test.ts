import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageOf } from '../../engine/log-message.ts';
import { runtimes } from '../../engine/scenario/model-services.ts';
import { writeLine } from '../../engine/simulator/telemetry/dialects/index.ts';

test.each<[line: string, message: string]>([
  [
    '{"level":40,"time":1772442750000,"hostname":"web-1","msg":"suppressed 14 similar"}',
    'suppressed 14 similar',
  ],
  ['{"level":30,"msg":"request completed","status":200}', 'request completed status=200'],
  ['{"message":"no end', 'no end'],
  ['{"a":1}', '{"a":1}'],
  ['ts=2026-03-02T09:01:06.548Z level=info msg="done \\"x\\"" status=200', 'done "x" status=200'],
  ['a=b is no logfmt', 'a=b is no logfmt'],
  [
    '2026-03-02 09:12:30.000  WARN [nio-8080-exec-4] c.s.checkout : suppressed 28 similar',
    'suppressed 28 similar',
  ],
  ['2026-03-02 09:12:30,000 INFO 7 --- [main] c.s.App : Started - ready', 'Started - ready'],
  ['09:12:30.000 [exec-1] ERROR c.s.Checkout - Connection: closed', 'Connection: closed'],
  [
    '2026-03-02 09:02:11.085 UTC [1013] app@orders-db ERROR:  duplicate key value',
    'duplicate key value',
  ],
  ['1:M 02 Mar 2026 09:12:30.000 * Background saving started', 'Background saving started'],
  [
    '[2026-03-02T09:00:01.698Z] "POST /checkout HTTP/1.1" 200 - 140',
    '"POST /checkout HTTP/1.1" 200 - 140',
  ],
  ['Mar  2 09:12:30 sshd: accepted', 'sshd: accepted'],
  ['2026-03-02 09:12:30,250 ERROR [12] checkout.views: no rows', 'no rows'],
  ['2026/03/02 09:12:30 [error] 31#31: *812 upstream timed out', 'upstream timed out'],
  ['[2026-03-02 09:12:30.250][15][warning][upstream] host ejected', 'host ejected'],
  ['[2026-03-02T09:12:30.250+0000][info][gc] GC(812) Pause Full', 'GC(812) Pause Full'],
  ['E0302 09:12:30.250123       1 prober.go:107] "Probe failed" a="b"', '"Probe failed" a="b"'],
  ['[ERROR] out of memory', 'out of memory'],
  // Brackets and colons of the message itself stay.
  [
    '[getSoldTickets][Seat][Left ticket info is empty]',
    '[getSoldTickets][Seat][Left ticket info is empty]',
  ],
  ['Error: it broke', 'Error: it broke'],
  ['2026-03-02 09:12:30', '2026-03-02 09:12:30'],
  ['', ''],
])('%s', (line, message) => {
  expect(messageOf(line)).toBe(message);
});

test.each(runtimes)('finds the message that %s wrapped', (dialect) => {
  const message = 'Connection is not available, request timed out after 30000ms (total=40)';
  const line = writeLine(
    dialect,
    {
      wall: '2026-03-02T09:12:30.250Z',
      wallMs: 1772442750250,
      service: 'checkout',
      instance: 'checkout-1',
      traceId: 'bbfc4453471998bf',
      flavour: 1013,
    },
    { severity: 17, message },
  );
  expect(line).not.toBe(message);
  // Kafka names the class behind it.
  expect(messageOf(line).replace(/ \([\w.]+\)$/, '')).toBe(message);
});

test('no line vanishes, and none takes long', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 4096 }), (line) => {
      expect(messageOf(line) === '').toBe(line === '');
    }),
  );
  for (const hostile of [
    'a="'.repeat(1300),
    '{"msg":"\\'.repeat(400),
    '[x] '.repeat(1000),
    `[2026-03-02 09:12:30]${'[x]'.repeat(1000)}`,
  ])
    expect(messageOf(hostile)).not.toBe('');
});
