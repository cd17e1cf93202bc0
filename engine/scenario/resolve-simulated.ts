/** A simulated scenario, from the file's words to the engine's: names to indexes, units to numbers. */
import type { Micros } from '../sdk/index.ts';
import { parseAction } from './actions.ts';
import { checkCallGraph } from './call-graph.ts';
import type { FaultModel, ScenarioCommon, SimulatedScenario, TelemetryModel } from './model.ts';
import type { Names } from './names.ts';
import type { Report } from './report.ts';
import { checkForbidden, resolveActions } from './resolve-actions.ts';
import { resolveChanges } from './resolve-changes.ts';
import { resolveDetectors } from './resolve-detectors.ts';
import { nameFaults, resolveFaults } from './resolve-faults.ts';
import { indexServices, zonesOf } from './resolve-index.ts';
import type { ServiceIndex } from './resolve-index.ts';
import { resolveServices } from './resolve-services.ts';
import { resolveTags } from './resolve-tags.ts';
import { resolveTraffic } from './resolve-traffic.ts';
import { resolveObjectives, resolveTruth } from './resolve-truth.ts';
import type { SimulatedFile, TelemetryFile } from './schema.ts';

/** Without the text that it came from, which is known once it is right. */
export type Resolved<S extends ScenarioCommon> = Omit<S, 'source' | 'hash'>;

const defaultStart = '2026-01-01T00:00:00Z';

export function resolveSimulated(
  report: Report,
  file: SimulatedFile,
  path: string,
): Resolved<SimulatedScenario> {
  const index = indexServices(report, file);
  const faultNames = nameFaults(report, file);
  const durationUs = report.positive(file.duration, ['duration']);
  const run = { file, durationUs };
  const system = {
    zones: [...zonesOf(file)],
    nodes: resolveNodes(report, file),
    services: resolveServices(report, index),
    traffic: resolveTraffic(report, index, run),
    changes: resolveChanges(report, index, run),
    faults: resolveFaults(report, index, run),
    actions: resolveActions(report, index, { file, faults: faultNames }),
  };
  checkTruth(report, index, { file, faults: faultNames });
  const scenario: Resolved<SimulatedScenario> = {
    apiVersion: file.apiVersion,
    kind: 'simulated',
    name: file.name,
    title: file.title ?? file.name,
    description: file.description ?? '',
    tags: resolveTags(report, file.tags ?? []),
    difficulty: file.difficulty ?? null,
    // `-0` is a number that JSON and SQL do not keep.
    seed: (file.seed ?? 1) + 0,
    startUnixUs: report.unit('instant', file.start ?? defaultStart, ['start']),
    durationUs,
    ...system,
    telemetry: resolveTelemetry(report, file.telemetry ?? {}),
    objectives: resolveObjectives(report, file.objectives ?? [], index),
    truth: resolveTruth(report, file.truth, {
      services: index.services,
      from: firstFault(system.faults),
      to: durationUs,
      durationUs,
    }),
    detectors: resolveDetectors(report, file.detectors),
    file: path,
  };
  checkForbidden(report, scenario);
  checkClaims(report, scenario);
  // Unknown names have no place in a graph.
  if (!report.failed) checkCallGraph(report, scenario);
  return scenario;
}

/** When the first one begins by itself; 0 where none does. */
function firstFault(faults: readonly FaultModel[]): Micros {
  const first = Math.min(...faults.map((fault) => fault.at));
  return Number.isFinite(first) ? first : 0;
}

function resolveNodes(report: Report, file: SimulatedFile): number {
  const zones = zonesOf(file).length;
  const { nodes = zones } = file;
  if (nodes < zones) {
    const message = `${nodes} nodes for ${zones} zones: some zone would have none`;
    report.add(['nodes'], { kind: 'bad-value', message });
  }
  return nodes;
}

function resolveTelemetry(report: Report, file: TelemetryFile): TelemetryModel {
  const interval = file.metric_interval ?? '10s';
  const path = ['telemetry', 'metric_interval'];
  const metricIntervalUs = report.unit('interval', interval, path);
  if (metricIntervalUs < 100_000) {
    report.add(path, { kind: 'bad-value', message: 'metric_interval must be at least 100ms' });
  }
  return {
    logSample: report.unit('share', file.log_sample ?? '5%', ['telemetry', 'log_sample']),
    traceSample: report.unit('share', file.trace_sample ?? '1%', ['telemetry', 'trace_sample']),
    metricIntervalUs,
    metricLagUs: report.unitOr('duration', file.metric_lag, ['telemetry', 'metric_lag'], 0),
  };
}

function checkTruth(
  report: Report,
  index: ServiceIndex,
  { file, faults }: { file: SimulatedFile; faults: Names },
): void {
  const cause = file.truth?.root_cause;
  if (file.truth?.windows !== undefined) {
    report.add(['truth', 'windows'], {
      kind: 'forbidden',
      message: 'windows are for recordings: the engine measures those of a simulation',
      hint: 'remove the key',
      part: 'key',
    });
  }
  if (!cause) return;
  index.services.find(report, cause.service, ['truth', 'root_cause', 'service']);
  if (cause.fault === undefined) return;
  const path = ['truth', 'root_cause', 'fault'];
  const found = faults.find(report, cause.fault, path);
  const fault = file.faults?.[found];
  // A queue only holds a message: it is poison to those who read it.
  if (fault && fault.kind !== 'poison-message' && fault.service !== cause.service) {
    report.add(path, {
      kind: 'bad-value',
      severity: 'warning',
      message: `fault "${fault.id}" acts on ${fault.service}, not on ${cause.service}`,
    });
  }
}

/** Whoever compares an action with doing nothing must be able to take it. */
function checkClaims(report: Report, scenario: Resolved<SimulatedScenario>): void {
  for (const key of ['helpful', 'harmful'] as const) {
    for (const [c, claim] of scenario.truth[key].entries()) {
      for (const [a, text] of claim.actions.entries()) {
        const read = parseAction(scenario, text);
        if (!('problem' in read)) continue;
        const { problem: message, hint } = read;
        report.add(['truth', key, c, 'do', a], { kind: 'reference', message, hint });
      }
    }
  }
}
