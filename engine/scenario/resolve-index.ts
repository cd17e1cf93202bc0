/** Services and their parts by name, for everything that refers to them. */
import { Names } from './names.ts';
import type { Report } from './report.ts';
import type { EndpointFile } from './schema-calls.ts';
import type { SimulatedFile } from './schema.ts';
import type { SimulatedServiceFile } from './schema-services.ts';
import type { ChangeFile } from './schema-traffic.ts';
import { suggestion } from './suggestion.ts';
import type { Path } from './yaml-tree.ts';

export interface ServiceIndex {
  readonly files: readonly SimulatedServiceFile[];
  readonly zones: Names;
  readonly services: Names;
  /** By service. */
  readonly endpoints: readonly Names[];
  readonly pools: readonly Names[];
  readonly caches: readonly Names[];
  /** What each service ever runs with: at the start, or after a change. */
  readonly versions: readonly ReadonlySet<string>[];
  readonly configs: readonly ReadonlySet<string>[];
  readonly flags: readonly ReadonlySet<string>[];
}

/** A service without `endpoints` answers everything in one way. */
const anyEndpoint = '*';

export const firstVersion = '1.0.0';
const usualZones = ['a'];

export function indexServices(report: Report, file: SimulatedFile): ServiceIndex {
  const files = file.services;
  const everHas = (
    service: string,
    atStart: readonly string[],
    broughtBy: (change: ChangeFile) => string | undefined,
  ) => {
    const changes = (file.changes ?? []).filter((change) => change.service === service);
    return new Set([...atStart, ...changes.flatMap((change) => broughtBy(change) ?? [])]);
  };
  const parts = (
    part: 'pools' | 'caches' | 'endpoints',
    { what, fold }: { what: string; fold: boolean },
  ) =>
    files.map((one, service) => {
      const named = part === 'endpoints' ? endpointsOf(one) : (one[part] ?? []);
      return new Names(report, {
        what: `${what} of ${one.name}`,
        names: named.map(({ name }) => name),
        pathOf: (index) => ['services', service, part, index, 'name'],
        fold,
      });
    });
  return {
    files,
    zones: new Names(report, {
      what: 'zone',
      names: zonesOf(file),
      pathOf: (index) => ['zones', index],
      fold: true,
    }),
    services: new Names(report, {
      what: 'service',
      names: files.map(({ name }) => name),
      pathOf: (index) => ['services', index, 'name'],
      fold: true,
    }),
    // Paths of URLs tell upper from lower case.
    endpoints: parts('endpoints', { what: 'endpoint', fold: false }),
    pools: parts('pools', { what: 'pool', fold: true }),
    caches: parts('caches', { what: 'cache', fold: true }),
    versions: files.map(({ name, version = firstVersion }) =>
      everHas(name, [version], (change) => (change.kind === 'deploy' ? change.version : undefined)),
    ),
    configs: files.map(({ name, config = [] }) =>
      everHas(name, [config].flat(), (change) =>
        change.kind === 'config' ? change.config : undefined,
      ),
    ),
    flags: files.map(({ name, flags = [] }) =>
      everHas(name, flags, (change) => (change.kind === 'flag' ? change.flag : undefined)),
    ),
  };
}

export function zonesOf(file: SimulatedFile): readonly string[] {
  return file.zones ?? usualZones;
}

export function endpointsOf(file: SimulatedServiceFile): readonly EndpointFile[] {
  return file.endpoints ?? [{ name: anyEndpoint }];
}

/** Index of the endpoint that is meant: the named one, or the only one. −1 and a problem where unclear. */
export function resolveEndpoint(
  report: Report,
  index: ServiceIndex,
  wanted: {
    service: number;
    endpoint: string | undefined;
    path: Path;
    /** The key that names the service, and the one that would name the endpoint. */
    key: string;
    endpointKey?: string;
  },
): number {
  const { service, endpoint, path, key, endpointKey = 'endpoint' } = wanted;
  const names = index.endpoints[service];
  if (!names) return -1;
  if (endpoint !== undefined) return names.find(report, endpoint, [...path, endpointKey]);
  const known = index.files[service]?.endpoints ?? [];
  if (known.length <= 1) return 0;
  report.add([...path, key], {
    kind: 'missing-key',
    message: `${index.files[service]?.name ?? ''} has several endpoints: which one?`,
    hint: `add ${endpointKey}: ${known.map((one) => one.name).join(' | ')}`,
  });
  return -1;
}

/** Warns where a service never has the version, configuration or flag that something waits for. */
export function warnNever(
  report: Report,
  index: ServiceIndex,
  waits: {
    what: 'version' | 'config' | 'flag';
    service: number;
    value: string | undefined;
    path: Path;
  },
): void {
  const { what, service, value, path } = waits;
  const known = index[`${what}s`][service];
  if (value === undefined || !known || known.has(value)) return;
  const name = index.files[service]?.name ?? '';
  report.add(path, {
    kind: 'no-effect',
    severity: 'warning',
    message: `${name} never has the ${what} "${value}"`,
    hint: suggestion(value, [...known], 'at the start and by changes'),
  });
}
