/**
 * Little's law on a sample path (Little 1961; Stidham 1974): the time integral of how many are there is
 * the sum of how long each was there, those still there counted up to now. Both sides are sums of whole
 * µs, so they are equal to the last digit at any moment, whatever breaks in the meantime.
 */
import type {
  EndpointStatistics,
  PoolStatistics,
  ServiceStatistics,
} from '../../engine/simulator/index.ts';

/** What a pool tells of its leases: µs over those given back, and so far over connections that are out. */
export interface PoolLeases extends Pick<PoolStatistics, 'service' | 'pool' | 'usedIntegral'> {
  readonly leaseSum: number;
  readonly openLeaseSum: number;
}

/** Requests in a service, waiting and working. @returns a line for each service that breaks the law */
export function littleInServices(statistics: {
  readonly services: readonly ServiceStatistics[];
  readonly endpoints: readonly EndpointStatistics[];
}): string[] {
  return statistics.services.flatMap((one) => {
    const ended = statistics.endpoints
      .filter(({ service }) => service === one.service)
      .reduce((sum, { sojournSum }) => sum + sojournSum, 0);
    const present = one.queuedIntegral + one.busyIntegral;
    return compare(one.service, present, ended + one.inFlightSojourn);
  });
}

/** Connections of a pool that are out, leaked ones too. @returns a line for each that breaks the law */
export function littleInPools(pools: readonly PoolLeases[]): string[] {
  return pools.flatMap(({ service, pool, usedIntegral, leaseSum, openLeaseSum }) =>
    compare(`${service} ${pool}`, usedIntegral, leaseSum + openLeaseSum),
  );
}

function compare(name: string, integral: number, times: number): string[] {
  if (integral === times && Number.isSafeInteger(integral)) return [];
  return [`${name}: ${integral} there × µs, but ${times} µs in all`];
}
