/**
 * Who depends on whom without calling: a cache's owner on the store behind it, a consumer on its
 * queue, a replica on what it copies. Detectors see calls only, so the run's table has none of
 * these; a map without them shows stores and consumers that nothing leads to.
 */
import { parse } from 'yaml';
import { limits } from '../limits.ts';
import type { RunOverview } from './types.ts';

type Links = RunOverview['dependencies'];

/** From the text of the scenario that the run keeps; none where it cannot be read. */
export function linksOf(source: string): Links {
  if (source.length > limits.linkSourceCharactersMax) return [];
  const services = listOf(documentOf(source), 'services');
  return services.flatMap((service) => {
    const name = textOf(service, 'name');
    const others = [
      ...listOf(service, 'caches').map((cache) => textOf(cache, 'store')),
      ...listOf(service, 'consumes').map((consumer) => textOf(consumer, 'queue')),
      textOf(service, 'replica_of'),
    ];
    return [...new Set(others)].flatMap((callee) =>
      name === '' || callee === '' ? [] : [{ caller: name, callee }],
    );
  });
}

function documentOf(source: string): unknown {
  try {
    return parse(source, { maxAliasCount: 0, logLevel: 'silent' });
  } catch {
    // Whoever changed the file broke its text: the run itself can be shown all the same.
    return null;
  }
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}

function textOf(value: unknown, key: string): string {
  const text = fieldOf(value, key);
  return typeof text === 'string' ? text : '';
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
