/** Who depends on whom in a simulated system, as its description says: no fault and no truth is asked. */
import type { DependencyInfo } from '../replay/source.ts';
import type { ServiceModel } from '../scenario/model.ts';
import type { DependencyKind } from '../sdk/index.ts';

/** One for a pair of services: where they meet in several ways the first of call, cache, queue, replication. */
export function dependenciesOf(services: readonly ServiceModel[]): readonly DependencyInfo[] {
  const found = new Map<string, DependencyInfo>();
  const add = (caller: number, callee: number, kind: DependencyKind): void => {
    const pair = `${caller}>${callee}`;
    if (caller !== callee && !found.has(pair)) found.set(pair, { caller, callee, kind });
  };
  const all = [...services.entries()];
  for (const [caller, { endpoints, startup }] of all) {
    const calls = [...endpoints.flatMap((endpoint) => endpoint.calls), ...startup.calls];
    for (const { service } of calls) add(caller, service, 'call');
  }
  for (const [caller, { caches }] of all) {
    for (const { store } of caches) if (store !== null) add(caller, store.service, 'cache');
  }
  for (const [caller, { consumes }] of all) {
    for (const { service } of consumes) add(caller, service, 'queue');
  }
  for (const [caller, { replicaOf }] of all) {
    if (replicaOf !== null) add(caller, replicaOf, 'replication');
  }
  return [...found.values()];
}
