/** The same rate, errors and duration by endpoint, and by the version that answered. */
import type { Plan } from '../../plan.ts';
import { quantiles } from '../histogram.ts';
import { serverName, seriesOfService, type Attributes, type Meter, type Reading } from './meter.ts';

export function endpointMeter(plan: Plan, e: number): Meter {
  const s = plan.endpointService[e] as number;
  const { kind = 'service' } = plan.scenario.services[s] ?? {};
  const name = plan.endpoints[e]?.name ?? '';
  const key = kind === 'service' || kind === 'external' ? 'http.route' : 'operation';
  return breakdown(plan, s, { [key]: name }, ({ tallies }) => ({
    answered: tallies.endpointAnswered[e] as number,
    errors: tallies.endpointErrors[e] as number,
    row: e,
  }));
}

/** `v` numbers the pairs of service and version. */
export function versionMeter(plan: Plan, s: number, version: string, v: number): Meter {
  return breakdown(plan, s, { 'service.version': version }, ({ tallies, telemetry }) => ({
    answered: tallies.versionAnswered[v] as number,
    errors: tallies.versionErrors[v] as number,
    row: telemetry.rows.version + v,
  }));
}

function breakdown(
  plan: Plan,
  service: number,
  attributes: Attributes,
  read: (reading: Reading) => {
    readonly answered: number;
    readonly errors: number;
    readonly row: number;
  },
): Meter {
  const server = serverName(plan.scenario.services[service]?.kind);
  return {
    series: seriesOfService(plan, service, [
      { name: `${server}.rate`, unit: '{request}/s', attributes },
      { name: `${server}.error_ratio`, unit: '1', attributes },
      { name: `${server}.duration`, unit: 's', attributes: { ...attributes, quantile: '0.95' } },
    ]),
    read(reading, put) {
      const { answered, errors, row } = read(reading);
      if (answered === 0) return;
      put(0, (answered * 1e6) / reading.intervalUs);
      put(1, errors / answered);
      for (const us of quantiles(reading.telemetry.durations, [row], [0.95])) put(2, us / 1e6);
    },
  };
}
