/** Which services of a large run the map shows at a size that can be read: the unwell first. */
import type { RunOverview, ServiceHealth } from '../../../engine/query/types.ts';

export interface MapScene {
  readonly services: RunOverview['services'];
  readonly dependencies: RunOverview['dependencies'];
  readonly health: readonly Pick<ServiceHealth, 'service' | 'state'>[];
  /** Services of active incidents. */
  readonly affected: readonly string[];
  readonly selected: readonly string[];
}

export interface Ranking {
  readonly names: readonly string[];
  /** So many of the first must be seen: the unwell, or where none is, those of an incident. */
  readonly notable: number;
}

/**
 * Every service, in the order in which it deserves a place: down, degraded, selected, part of an
 * incident; then whoever calls those or is called by them; then the most connected.
 */
export function rankServices(scene: MapScene): Ranking {
  const known = new Set(scene.services.map(({ name }) => name));
  const inState = (state: ServiceHealth['state']) =>
    scene.health.filter((one) => one.state === state).map(({ service }) => service);
  const unwell = [...inState('down'), ...inState('degraded'), ...scene.selected];
  const notable = new Set(
    (unwell.length > 0 ? unwell : scene.affected).filter((name) => known.has(name)),
  );
  const names = new Set([
    ...notable,
    ...scene.affected,
    ...neighbours(scene, notable),
    ...byDegree(scene, [...known]),
  ]);
  return { names: [...names].filter((name) => known.has(name)), notable: notable.size };
}

function neighbours(scene: MapScene, of: ReadonlySet<string>): readonly string[] {
  const found = scene.dependencies.flatMap(({ caller, callee }) => [
    ...(of.has(callee) ? [caller] : []),
    ...(of.has(caller) ? [callee] : []),
  ]);
  return [...new Set(found)].filter((name) => !of.has(name));
}

function byDegree(scene: MapScene, names: readonly string[]): readonly string[] {
  const degree = new Map<string, number>();
  for (const { caller, callee } of scene.dependencies)
    for (const name of [caller, callee]) degree.set(name, (degree.get(name) ?? 0) + 1);
  return names.toSorted((a, b) => (degree.get(b) ?? 0) - (degree.get(a) ?? 0));
}
