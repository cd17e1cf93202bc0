/** Who depends on whom without a call, read from a scenario's text. */
import { expect, test } from 'vitest';
import { linksOf } from '../../engine/query/links.ts';

test('caches, queues and replicas are linked once each', () => {
  const text = `services:
  - { name: shop, caches: [{ store: cache }, { store: cache }, { name: own }] }
  - { name: mail, consumes: [{ queue: events }] }
  - { name: copy, replica_of: db }
`;
  expect(linksOf(text)).toEqual([
    { caller: 'shop', callee: 'cache' },
    { caller: 'mail', callee: 'events' },
    { caller: 'copy', callee: 'db' },
  ]);
});

test.each([
  '',
  '[',
  'services: 3',
  'services: [null, 1, {name: 3}]',
  'a: &a [*a]',
  '#'.repeat(3e5),
])('what says nothing of links gives none: %.20s', (text) => expect(linksOf(text)).toEqual([]));
