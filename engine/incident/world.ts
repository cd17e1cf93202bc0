/** What grouping, severity and titles look at: who calls whom, health now, and the alerts. */
import type { ServiceState } from '../health/index.ts';
import type { SourceHeader } from '../replay/source.ts';
import type { AlertBook } from './alerts.ts';

export interface World {
  readonly names: readonly string[];
  /** Users call it directly. */
  readonly entry: readonly boolean[];
  readonly callees: readonly (readonly number[])[];
  /** Callers and callees. */
  readonly neighbours: readonly (readonly number[])[];
  readonly health: readonly ServiceState[];
  readonly alerts: AlertBook;
  /** By series: its role says what it means, or no series of its service has one that would. */
  readonly isTelling: readonly boolean[];
  /** By series: it shows harm. Traffic that changes is as often the consequence. */
  readonly isSymptom: readonly boolean[];
  /** By series: it is a rate of requests. */
  readonly isTraffic: readonly boolean[];
}

export function worldOf(
  header: Pick<SourceHeader, 'services' | 'dependencies' | 'series'>,
  health: readonly ServiceState[],
  alerts: AlertBook,
): World {
  const callees: number[][] = header.services.map(() => []);
  const neighbours: number[][] = header.services.map(() => []);
  for (const { caller, callee } of header.dependencies) {
    callees[caller]?.push(callee);
    neighbours[caller]?.push(callee);
    neighbours[callee]?.push(caller);
  }
  const measured = new Set(header.series.flatMap((s) => (s.role === null ? [] : [s.service])));
  return {
    names: header.services.map((service) => service.name),
    entry: header.services.map((service) => service.entry),
    callees,
    neighbours,
    health,
    alerts,
    isSymptom: header.series.map((s) => s.role !== null && s.role !== 'request_rate'),
    isTraffic: header.series.map((s) => s.role === 'request_rate'),
    isTelling: header.series.map((s) => s.role !== null || !measured.has(s.service)),
  };
}

/** Degraded or down, by the last thing that was measured: a hole in the recording heals nothing. */
export function isUnwell(world: World, service: number): boolean {
  const state = world.health[service]?.lastKnown;
  return state === 'degraded' || state === 'down';
}
