/** Which series measure an objective, and what one of their points says about its requests. */
import type { MetricPoint, Series } from 'incident-workbench/sdk';

/** Of all requests of the service, or of one endpoint. */
interface Scope {
  readonly endpoint: string | null;
}

export type Measure =
  | (Scope & { readonly kind: 'failed' | 'succeeded' })
  /** `tail` of the requests take longer than the value says. */
  | (Scope & { readonly kind: 'quantile'; readonly tail: number });

/** null where the series says nothing about what users of the service got. */
export function measureOf({ name, role, attributes }: Series): Measure | null {
  if (role !== null) return ofRole(role, attributes);
  // A breakdown by endpoint has no role: it carries the endpoint, and a quantile at most.
  const labels = Object.entries(attributes).filter(([label]) => label !== 'quantile');
  const [own] = labels;
  if (own === undefined || labels.length > 1 || !endpointLabels.includes(own[0])) return null;
  if (/(^|[._])client[._]/.test(name)) return null;
  const endpoint = own[1];
  if (/error_ratio$/.test(name)) return { kind: 'failed', endpoint };
  const tail = tailOf(attributes);
  return tail !== null && /duration|latency/.test(name)
    ? { kind: 'quantile', endpoint, tail }
    : null;
}

/** OpenTelemetry's names for what a server was asked for, and those of our stores. */
const endpointLabels = ['http.route', 'rpc.method', 'operation', 'endpoint'];

function ofRole(
  role: NonNullable<Series['role']>,
  attributes: Series['attributes'],
): Measure | null {
  const endpoint = null;
  switch (role) {
    case 'error_ratio':
      return { kind: 'failed', endpoint };
    case 'availability':
      return { kind: 'succeeded', endpoint };
    case 'latency_p50':
    case 'latency_p95':
    case 'latency_p99':
      return { kind: 'quantile', endpoint, tail: tailOf(attributes) ?? tails[role] };
    case 'request_rate':
    case 'latency_mean':
    case 'saturation':
      return null;
    default:
      return role satisfies never;
  }
}

const tails = { latency_p50: 0.5, latency_p95: 0.05, latency_p99: 0.01 } as const;

function tailOf({ quantile }: Series['attributes']): number | null {
  const stated = Number(quantile);
  return stated > 0 && stated < 1 ? 1 - stated : null;
}

/** The least share of bad requests that the point proves, or null where it proves nothing. */
export function badShare(
  measure: Measure,
  { value }: MetricPoint,
  latencyUs: number | null,
): number | null {
  switch (measure.kind) {
    case 'failed':
      return bounded(value);
    case 'succeeded':
      return bounded(1 - value);
    case 'quantile':
      if (latencyUs === null) return null;
      return value * 1e6 > latencyUs ? measure.tail : 0;
    default:
      return measure satisfies never;
  }
}

function bounded(share: number): number {
  return Math.min(1, Math.max(0, share));
}
