// Actions as text: what they mean, what is said about those that mean nothing, and back again.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAction, parseAction } from '../../engine/scenario/index.ts';
import { actionKinds } from '../../engine/scenario/action-reader.ts';
import { full } from '../support/full-scenario.ts';
import { parse } from '../support/scenario-text.ts';

const { scenario } = parse(full.replace('forbid: [fail-over, "restart:orders-db"]', 'forbid: []'));
const forbidding = parse(full).scenario;
if (scenario?.kind !== 'simulated' || forbidding?.kind !== 'simulated') throw new Error('invalid');

/** As `formatAction` writes them. */
const texts = [
  'rollback:checkout',
  'flag-off:web/new-recs',
  'restart:checkout',
  'restart:checkout=rolling',
  'restart:checkout=5',
  'scale:web=8',
  'shed-load:edge=50%',
  'shed-load:edge=0.4%',
  'disable-retries',
  'disable-retries:web',
  'raise-pool:checkout/orders-db=80',
  'raise-timeout:web>checkout=1m30s',
  'open-breaker:web>orders-db',
  'fail-over:b',
  'drain:checkout=2',
  'flush-cache:web/products',
  'warm-cache:web/local',
  'renew-certificate:checkout',
  'kill-query:orders-db',
  'pause-consumer:mailer',
  'skip-message:events/orders',
  'free-disk:checkout',
  'custom:restore-record',
];

test('each kind has its text', () => {
  expect(new Set(texts.map((text) => text.split(':')[0]))).toEqual(new Set(actionKinds));
});

test.each(texts)('%s is read and written back', (text) => {
  const read = parseAction(scenario, text);
  if ('problem' in read) throw new Error(read.problem);
  expect(formatAction(scenario, read.action)).toBe(text);
});

test.each([
  ['restart:checkout=all', 'restart:checkout'],
  ['restore-record', 'custom:restore-record'],
  [' scale:web=8 ', 'scale:web=8'],
  ['raise-timeout:web>checkout=90s', 'raise-timeout:web>checkout=1m30s'],
])('%s is another spelling of %s', (written, usual) => {
  const read = parseAction(scenario, written);
  expect('action' in read && formatAction(scenario, read.action)).toBe(usual);
});

test('names become indexes', () => {
  expect(parseAction(scenario, 'raise-timeout:web>checkout=10s')).toEqual({
    action: { kind: 'raise-timeout', service: 1, callee: 2, timeoutUs: 10_000_000 },
  });
  expect(parseAction(scenario, 'fail-over:b')).toEqual({ action: { kind: 'fail-over', zone: 1 } });
  expect(parseAction(scenario, 'disable-retries')).toEqual({
    action: { kind: 'disable-retries', service: null },
  });
});

// prettier-ignore
test.each([
  ['', 'unknown action ""', /^known: rollback, /],
  ['rollback', 'rollback of what?', /rollback:payments/],
  ['rollback:chekout', 'no service "chekout"', /did you mean "checkout"/],
  ['rolback:checkout', 'unknown action "rolback"', /did you mean "rollback"/],
  ['restore-recrd', 'unknown action "restore-recrd"', /did you mean "restore-record"/],
  ['custom:nothing', 'no action "nothing" in this scenario', /known: restore-record/],
  ['flag-off:web', 'which flag of web?', /write flag-off:web\/one-click|web\/one-click/],
  ['flag-off:web/new-rec', 'no flag of web "new-rec"', /did you mean "new-recs"/],
  ['scale:web', 'scale:web needs a value', /scale:web=8/],
  ['scale:wbe', 'no service "wbe"', /did you mean "web"/],
  ['scale:web=9', '"9" is no number of instances', /from 1 to 8/],
  ['scale:web=0', '"0" is no number of instances', /from 1 to 8/],
  ['scale:web=1e0', '"1e0" is no number of instances', /from 1 to 8/],
  ['restart:checkout=6', 'no instance 6 of checkout', /all, rolling, or the number of one: from 0 to 5/],
  ['shed-load:edge=50', '"50" needs a unit: write 50%', undefined],
  ['raise-timeout:web>checkout=0s', '"0s" must be more than zero', undefined],
  ['raise-timeout:web>mailer=1s', 'no callee of web "mailer"', /known callees: .*checkout/],
  ['fail-over:d', 'no zone "d"', /known zones: a, b, c/],
  ['kill-query:web', 'web is no database', /known services: orders-db, orders-copy/],
  ['pause-consumer:web', 'web consumes nothing', /known services: mailer/],
  ['free-disk:web', 'web has no disk', /known services: checkout/],
  ['skip-message:web/GET /', 'web is no queue', /known services: events/],
  [`rollback:${'x'.repeat(400)}`, 'the action is longer than 320 characters', undefined],
] as const)('%s', (text, problem, hint) => {
  const read = parseAction(scenario, text);
  if ('action' in read) throw new Error('it means something');
  expect(read.problem).toBe(problem);
  if (hint === undefined) expect(read.hint).toBeUndefined();
  else expect(read.hint).toMatch(hint);
});

test('what is forbidden: a kind, a target whatever the value, one action', () => {
  const allowed = (rules: string, text: string) => {
    const yaml = full.replace('forbid: [fail-over, "restart:orders-db"]', `forbid: [${rules}]`);
    const { scenario: ruled } = parse(yaml.replace(/ {2}(helpful|harmful): .*\n/g, ''));
    if (ruled?.kind !== 'simulated') throw new Error('invalid');
    return 'action' in parseAction(ruled, text);
  };
  expect(allowed('fail-over', 'fail-over:a')).toBe(false);
  expect(allowed('"restart:web"', 'restart:web=rolling')).toBe(false);
  expect(allowed('"restart:web"', 'restart:checkout')).toBe(true);
  expect(allowed('"restart:web=all"', 'restart:web')).toBe(false);
  expect(allowed('"restart:web=all"', 'restart:web=rolling')).toBe(true);
  expect(allowed('"scale:web"', 'scale:web=4')).toBe(false);
  expect(allowed('"scale:web=4"', 'scale:web=5')).toBe(true);
  expect(allowed('restore-record', 'custom:restore-record')).toBe(false);
  expect(parseAction(forbidding, 'fail-over:a')).toEqual({
    problem: 'fail-over:a is not allowed in this scenario',
  });
});

test('names that look like the grammar are found all the same', () => {
  const odd = full
    .replaceAll('orders-db', 'a=b')
    .replaceAll('name: products', 'name: x/y')
    .replaceAll('cache: products', 'cache: x/y');
  const { scenario: named } = parse(odd);
  if (named?.kind !== 'simulated') throw new Error('invalid');
  for (const text of [
    'flush-cache:web/x/y',
    'rollback:a=b',
    'scale:a=b=2',
    'open-breaker:web>a=b',
  ]) {
    const read = parseAction(named, text);
    if ('problem' in read) throw new Error(read.problem);
    expect(formatAction(named, read.action)).toBe(text);
  }
});

test('any text is answered, and what is understood is written back as it was understood', () => {
  const word = fc.constantFrom(...actionKinds, 'web', 'checkout', 'orders-db', 'new-recs', 'events', 'orders', 'b', ':', ':', '/', '=', '>', '2', '50%', '10s', 'all', '', ' ', '\u202e'); // prettier-ignore
  const anything = fc.oneof(
    fc.array(word, { maxLength: 8 }).map((words) => words.join('')),
    fc.string({ maxLength: 40 }),
    fc
      .tuple(fc.constantFrom(...texts), fc.nat(40), fc.string({ maxLength: 2 }))
      .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at)),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const read = parseAction(scenario, text);
      if ('problem' in read) {
        expect(read.problem).not.toBe('');
        return;
      }
      const again = formatAction(scenario, read.action);
      expect(parseAction(scenario, again)).toEqual(read);
    }),
    { numRuns: 2_000 },
  );
});

test('shares and durations survive their text', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100_000 }),
      fc.integer({ min: 1, max: 1e12 }),
      (n, us) => {
        const text = `shed-load:web=${n / 1000}%`;
        const read = parseAction(scenario, text);
        expect('action' in read && formatAction(scenario, read.action)).toBe(text);
        const action = { kind: 'raise-timeout', service: 1, callee: 2, timeoutUs: us } as const;
        expect(parseAction(scenario, formatAction(scenario, action))).toEqual({ action });
      },
    ),
  );
});
