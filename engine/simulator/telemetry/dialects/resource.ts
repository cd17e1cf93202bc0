/** What ran out, sorted by how programs meet it; a scenario names it freely. */

export type Resource = 'files' | 'threads' | 'connections' | 'transactions' | 'sequence' | 'number';

export function resourceOf(counter: string): Resource {
  // A column: its name says nothing about what it counts.
  if (counter.includes('.')) return 'number';
  const words = counter.toLowerCase().split(/[^a-z]+/);
  for (const word of words) {
    const resource = resources.get(word);
    if (resource !== undefined) return resource;
  }
  return 'number';
}

// A map: words of a scenario must not find what every object inherits.
const resources: ReadonlyMap<string, Resource> = new Map([
  ['fd', 'files'],
  ['fds', 'files'],
  ['file', 'files'],
  ['files', 'files'],
  ['nofile', 'files'],
  ['thread', 'threads'],
  ['threads', 'threads'],
  ['connection', 'connections'],
  ['connections', 'connections'],
  ['conntrack', 'connections'],
  ['port', 'connections'],
  ['ports', 'connections'],
  ['xid', 'transactions'],
  ['txid', 'transactions'],
  ['seq', 'sequence'],
]);
