// What the templates of single lines look like: what is masked, what is kept, in any dialect.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMiner, mine, parametersOf, templateOf } from '../../engine/templates/index.ts';
import { limits } from '../../engine/limits.ts';
import { tries } from '../support/effort.ts';

function templateOfLine(line: string): string | null {
  const miner = createMiner();
  return templateOf(miner, mine(miner, line));
}

describe('the template of one line', () => {
  test.each([
    ['numbers, signed or with a fraction', 'took -12 of 3.5e4 tries', 'took <*> of <*> tries'],
    ['amounts with their unit', 'freed 12 KB in 3 ms, kept 5.1MB', 'freed <*> in <*>, kept <*>'],
    ['an amount that is said twice', 'sent 1190 bytes (1.16 KB) of it', 'sent <*> of it'],
    ['about how much', 'lifetime <1 sec', 'lifetime <*>'],
    ['addresses', 'from 10.0.0.1:80 to fe80::1%eth0', 'from <*> to <*>'],
    ['hardware addresses', 'up FF:F2:9F:16:DC:95.', 'up <*>.'],
    ['ids', 'task 123e4567-e89b-12d3-a456-426614174000 done', 'task <*> done'],
    ['hexadecimal numbers', 'at 0x7f3a and deadbeef', 'at <*> and <*>'],
    ['host names', 'asked web.example.com and db.example.co.uk:5432', 'asked <*> and <*>'],
    ['people', 'mail to someone.else@example.org bounced', 'mail to <*> bounced'],
    ['paths', 'read /var/log/a.log and C:\\Temp\\b and ./c', 'read <*> and <*> and <*>'],
    ['addresses on the web', 'GET https://a.example/b?c=1&d={e} done', 'GET <*> done'],
    ['times and dates', 'on Fri Mar  2 12:30:01 UTC 2026 it began', 'on <*> it began'],
    ['lists of any length', 'killed 1, 2, 3 of [4]', 'killed <*> of [<*>]'],
    ['values that are not there', 'login; user= uid=0 ruser=', 'login; user=<*> uid=<*> ruser=<*>'],
    ['places in the source', 'failed at worker.py:120', 'failed at <*>'],
    ['long keys', `token ${'aB'.repeat(40)} refused`, 'token <*> refused'],
    ['colours', '\x1b[1;32minfo\x1b[39m: ready \x1b[', 'info: ready ['],
    ['what a client calls itself', '"Mozilla/5.0 (X; Y) like Z" - ok', '"<*>" - ok'],
  ])('leaves out %s', (_what, line, template) => {
    expect(templateOfLine(line)).toBe(template);
  });

  test.each([
    'cache refreshed, nothing to do',
    'read/write ratio changed and/or reset',
    'java.lang.OutOfMemoryError: Java heap space',
    "can't open the door: permission denied (again)!",
    'init() done; retry=true level=warn',
    'Kunde hat Adresse geändert',
    'you may march on, sun or rain',
    '...: -- *** ---',
    '',
  ])('keeps words: %s', (line) => {
    expect(templateOfLine(line)).toBe(line);
  });

  test.each([
    [
      '{"level":30,"time":1773333268484,"pid":1,"hostname":"web-1","method":"GET","url":"/products/{id}","status":200,"responseTime":30.5,"msg":"request completed"}',
      '{"level":<*>,"time":<*>,"pid":<*>,"hostname":"<*>","method":"GET","url":"<*>","status":<*>,"responseTime":<*>,"msg":"request completed"}',
    ],
    [
      'ts=2026-03-12T16:30:01.650Z level=info msg="handled request" method=POST path=/ status=200 dur=31.9ms',
      'ts=<*> level=info msg="handled request" method=POST path=<*> status=<*> dur=<*>',
    ],
    [
      '203.0.113.7 - - [12/Mar/2026:16:30:01 +0000] "GET /search?q=a\'b+c HTTP/1.1" 200 2801 "-" "curl/8.5.0"',
      '<*> - - [<*>] "GET <*>" <*> "-" "<*>"',
    ],
    [
      'E0312 16:30:01.123456    7 controller.go:114] Failed to sync "default/web": timed out',
      '<*>] Failed to sync "default/web": timed out',
    ],
    [
      '2026-03-12 16:30:13.178 UTC [1072] app@shop LOG:  checkpoint complete: wrote 629 buffers (1.2%); write=26.285 s, sync=0.004 s',
      '<*> app@shop LOG: checkpoint complete: wrote <*> buffers (<*>); write=<*>, sync=<*>',
    ],
    [
      'Traceback (most recent call last):\n  File "/srv/app.py", line 12, in run\n    raise ValueError(name)\nValueError: x',
      'Traceback (most recent call last): File "<*>", line <*>, in run raise ValueError(name) ValueError: x',
    ],
  ])('reads %s', (line, template) => {
    expect(templateOfLine(line)).toBe(template);
  });
});

test('a line with other numbers is the same to it', () => {
  const pieces = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.stringMatching(/^[ a-f0-9:./=,()<>"'#@-]{0,16}$/),
    fc.constantFrom('0x1f', '10.0.0.1:80', '5 ms', 'a=7', '/x/1', 'v1.2', 'Mar 3', '<1 sec'),
  );
  const other = (line: string, digits: readonly number[]) => {
    let at = 0;
    return line.replace(/[0-9]+/g, () => String(digits[at++ % digits.length]));
  };
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 12 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
      (parts, digits) => {
        const line = parts.join(' ');
        const miner = createMiner();
        expect(mine(miner, other(line, digits))).toBe(mine(miner, line));
      },
    ),
    { numRuns: tries(500) },
  );
});

test('names of the language are words like others', () => {
  const miner = createMiner();
  const names = ['__proto__', 'constructor', 'toString hasOwnProperty', 'a __proto__ b'];
  const ids = names.map((line) => mine(miner, line));
  expect(new Set(ids).size).toBe(names.length);
  expect(ids.map((id) => templateOf(miner, id))).toEqual(names);
});

describe('a line of the longest length', () => {
  const whole = (unit: string) => unit.repeat(Math.ceil(limits.bodyCharsMax / unit.length));
  test.each([
    ...['a', '1', ' ', ':', '.', '/', '(', '"', '=', 'a ', '1 ', 'a:', '1:', 'a.', '..a', 'x/1 '],
    ...[
      '"a/1 ',
      '"x/1\\"',
      '=,',
      '()',
      '1,',
      '1<',
      '(1)',
      'Mar ',
      'Mar 1 ',
      '/a{',
      'ab.com ',
      '1.2 ',
      'a@b.c ',
      'ab@cd ',
      '\x1b[1',
      '\ud800',
    ],
  ])('of %s takes no time to speak of', (unit) => {
    const miner = createMiner();
    const line = whole(unit);
    const started = performance.now();
    const id = mine(miner, line);
    const values = parametersOf(miner, id, line);
    // Some milliseconds; what is quadratic takes minutes.
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(values.length).toBeLessThanOrEqual(limits.templateTokensMax);
    expect(mine(miner, line)).toBe(id);
  });
});
