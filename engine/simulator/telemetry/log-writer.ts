/**
 * Writes log records: the line in its service's dialect, the trace, the attributes. A line carries the time
 * of the clock of its instance; the record itself has the time at which it can be known.
 */
import { Kind } from '../../replay/batch.ts';
import { uniform } from '../../replay/random.ts';
import type { Runtime, SimulatedScenario } from '../../scenario/model.ts';
import { clockOffset, diskFull } from '../machines.ts';
import type { Plan } from '../plan.ts';
import type { World } from '../world.ts';
import {
  describeLifecycle,
  writeLine,
  type Fields,
  type LifecycleKind,
  type LifecycleLine,
  type LifecycleParams,
  type LineContext,
} from './dialects/index.ts';
import { nodeName, type Names } from './names.ts';

export interface LogLine {
  readonly instance: number;
  readonly severity: number;
  readonly message: string;
  /** Fields of the line; a dialect of plain text may leave them out. */
  readonly fields?: Fields;
  readonly logger?: string;
  readonly stack?: string;
  /** '' for a line outside of any request. */
  readonly traceId: string;
  readonly flavour: number;
  /** JSON members after `instance`, each with a leading comma, or ''. */
  readonly attributes?: string;
  /** A line that is written as it is, whatever the service's dialect. */
  readonly verbatim?: boolean;
}

/** An event outside of requests, and the instance that it is about. */
export interface LifecycleEvent<K extends LifecycleKind> {
  readonly instance: number;
  readonly kind: K;
  readonly params: LifecycleParams[K];
  readonly traceId?: string;
  readonly attributes?: string;
}

export interface LogWriter {
  readonly write: (world: World, line: LogLine) => void;
  readonly event: <K extends LifecycleKind>(world: World, event: LifecycleEvent<K>) => void;
  readonly runtimeOf: (service: number) => Runtime;
  /** `2026-03-02T09:12:30.250Z` by the clock of an instance, now. */
  readonly wall: (world: World, instance: number) => string;
}

export function makeLogWriter(plan: Plan, names: Names): LogWriter {
  const runtimes = plan.scenario.services.map((_, s) => chooseRuntime(plan.scenario, s));
  const runtimeOf = (s: number): Runtime => runtimes[s] ?? 'go';
  const nodes = [...plan.instanceService.keys()].map((i) => nodeName(plan, i));
  const heads = [...plan.instanceService.keys()].map(
    (i) => `{"instance":${JSON.stringify(names.instance(i))}`,
  );
  const wallMs = (world: World, instance: number): number =>
    Math.floor(
      (plan.scenario.startUnixUs + (world.clock[0] as number) + clockOffset(world, instance)) /
        1000,
    );
  const contextOf = (
    world: World,
    { instance, traceId = '', flavour = instance }: Partial<LogLine> & { instance: number },
  ): LineContext => {
    const ms = wallMs(world, instance);
    return {
      wall: new Date(ms).toISOString(),
      wallMs: ms,
      service: names.service(plan.instanceService[instance] as number),
      instance: names.instance(instance),
      traceId,
      flavour,
      node: nodes[instance] ?? '',
    };
  };
  const write: LogWriter['write'] = (world, line) => {
    const service = plan.instanceService[line.instance] as number;
    if (isLost(plan, world, service, line)) return;
    world.telemetry?.pending.push({
      kind: Kind.log,
      t: world.clock[0] as number,
      subject: service,
      severity: line.severity,
      value: 0,
      body: line.verbatim
        ? line.message
        : writeLine(runtimeOf(service), contextOf(world, line), line),
      trace: line.traceId,
      span: '',
      parent: '',
      attributes: `${heads[line.instance]}${line.attributes ?? ''}}`,
    });
  };
  return {
    runtimeOf,
    wall: (world, instance) => new Date(wallMs(world, instance)).toISOString(),
    write,
    event(world, { instance, kind, params, traceId = '', attributes = '' }) {
      const runtime = runtimeOf(plan.instanceService[instance] as number);
      const context = contextOf(world, { instance, traceId });
      const line: LifecycleLine = describeLifecycle(runtime, { kind, params }, context);
      write(world, { ...line, instance, traceId, flavour: instance, attributes });
    },
  };
}

/** A full disk takes no more lines of its process, and an agent may lose some; the kernel's go elsewhere. */
function isLost(plan: Plan, world: World, service: number, line: LogLine): boolean {
  if (line.verbatim !== true && diskFull({ plan, world }, line.instance)) return true;
  const share = world.services.logsLost[service] as number;
  return share > 0 && uniform(world.streams, plan.streams.noise + service) < share;
}

/** What a service is written in follows from what it is and what it is called, so it never changes. */
function chooseRuntime({ services }: SimulatedScenario, s: number): Runtime {
  const service = services[s];
  if (service?.runtime) return service.runtime;
  if (service?.kind === 'database') return 'postgres';
  if (service?.kind === 'cache') return 'redis';
  if (service?.kind === 'queue') return 'kafka';
  // Pools speak HikariCP, so their owner is a Java program.
  if (service && service.pools.length > 0) return 'java';
  const letters = [...(service?.name ?? '')].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return letters % 2 === 0 ? 'node' : 'go';
}
