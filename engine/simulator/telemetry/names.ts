/** Names and addresses that lines mention; made once, looked up by index. */
import { makeStreams } from '../../replay/random.ts';
import type { Plan } from '../plan.ts';

export interface Names {
  readonly service: (service: number) => string;
  readonly endpoint: (endpoint: number) => string;
  readonly instance: (instance: number) => string;
  /** `10.x.y.z`, of the service's own network. */
  readonly address: (instance: number) => string;
  /** HTTP method and path of an endpoint. */
  readonly method: (endpoint: number) => string;
  readonly path: (endpoint: number) => string;
}

export function makeNames(plan: Plan): Names {
  const { services } = plan.scenario;
  const serviceNames = services.map((service) => service.name);
  const endpointNames = plan.endpoints.map((e) => e.name);
  const requests = endpointNames.map(requestOf);
  // Seed 0: an address belongs to the scenario's cast, not to one run of it.
  const networks = makeStreams(0, serviceNames);
  const instanceNames: string[] = [];
  const addresses: string[] = [];
  plan.instanceService.forEach((s, i) => {
    const ordinal = i - (plan.instanceBase[s] as number);
    const network = networks[s * 4] as number;
    instanceNames.push(instanceName(plan, i));
    addresses.push(`10.${8 + (network & 31)}.${(network >>> 8) & 127}.${10 + ordinal}`);
  });
  return {
    service: (s) => serviceNames[s] ?? '',
    endpoint: (e) => endpointNames[e] ?? '',
    instance: (i) => instanceNames[i] ?? '',
    address: (i) => addresses[i] ?? '',
    method: (e) => requests[e]?.method ?? '',
    path: (e) => requests[e]?.path ?? '',
  };
}

export function instanceName({ scenario, instanceService, instanceBase }: Plan, i: number): string {
  const s = instanceService[i] as number;
  return `${scenario.services[s]?.name}-${i - (instanceBase[s] as number)}`;
}

/** The host that an instance runs on. */
export function nodeName({ scenario, instanceNode, instanceZone }: Plan, i: number): string {
  const zone = scenario.zones[instanceZone[i] as number] ?? '';
  return `node-${zone}${Math.floor((instanceNode[i] as number) / scenario.zones.length) + 1}`;
}

function requestOf(endpoint: string): { method: string; path: string } {
  const match = /^(GET|POST|PUT|PATCH|DELETE|HEAD) (\/\S*)$/.exec(endpoint);
  if (match) return { method: match[1] ?? '', path: match[2] ?? '' };
  return { method: 'POST', path: endpoint === '*' ? '/' : `/${encodeURIComponent(endpoint)}` };
}
