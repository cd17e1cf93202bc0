/** Writes log records: the line in its service's dialect, the trace, the attributes. */
import { Kind } from '../../replay/batch.ts';
import type { Plan } from '../plan.ts';
import type { World } from '../world.ts';
import { writeLine, type DialectName, type Fields } from './dialects.ts';
import type { Names } from './names.ts';

export interface LogLine {
  readonly instance: number;
  readonly severity: number;
  readonly message: string;
  /** Fields of the line; a dialect of plain text may leave them out. */
  readonly fields?: Fields;
  /** '' for a line outside of any request. */
  readonly traceId: string;
  readonly flavour: number;
  /** JSON members after `instance`, each with a leading comma, or ''. */
  readonly attributes?: string;
  /** A line that is written as it is, whatever the service's dialect. */
  readonly verbatim?: boolean;
}

export interface LogWriter {
  readonly write: (world: World, line: LogLine) => void;
  readonly dialectOf: (service: number) => DialectName;
}

export function makeLogWriter(plan: Plan, names: Names): LogWriter {
  const dialects = plan.scenario.services.map((_, s) => chooseDialect(plan, s));
  const dialectOf = (s: number): DialectName => dialects[s] ?? 'logfmt';
  return {
    dialectOf,
    write(world, line) {
      const t = world.clock[0] as number;
      const service = plan.instanceService[line.instance] as number;
      const wallMs = Math.floor((plan.scenario.startUnixUs + t) / 1000);
      const instance = names.instance(line.instance);
      const context = {
        wall: new Date(wallMs).toISOString(),
        wallMs,
        service: names.service(service),
        instance,
        traceId: line.traceId,
        flavour: line.flavour,
      };
      world.telemetry?.pending.push({
        kind: Kind.log,
        t,
        subject: service,
        severity: line.severity,
        value: 0,
        body: line.verbatim ? line.message : writeLine(dialectOf(service), context, line),
        trace: line.traceId,
        span: '',
        parent: '',
        attributes: `{"instance":${JSON.stringify(instance)}${line.attributes ?? ''}}`,
      });
    },
  };
}

/** What a service is written in follows from what it is and what it is called, so it never changes. */
function chooseDialect({ scenario }: Plan, s: number): DialectName {
  const service = scenario.services[s];
  if (service?.kind === 'database') return 'postgres';
  if (service?.kind === 'cache') return 'redis';
  // Pools speak HikariCP, so their owner is a Java program.
  if (service && service.pools.length > 0) return 'spring';
  const letters = [...(service?.name ?? '')].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return letters % 2 === 0 ? 'pino' : 'logfmt';
}
