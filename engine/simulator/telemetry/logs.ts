/**
 * Log lines of requests. Success is sampled by trace, problems are always written (loggers limit
 * their own repeats). Caller and callee word the same failure differently, and neither knows what the
 * other knows.
 */
import { severityNumbers } from '../../sdk/index.ts';
import type { Plan } from '../plan.ts';
import { Keep, Outcome } from '../requests.ts';
import type { UserRequest } from '../simulation.ts';
import type { World } from '../world.ts';
import { accessLine } from './access.ts';
import { describeFailure, stackTrace } from './dialects.ts';
import { mayWrite, Template } from './limiter.ts';
import type { LogLine, LogWriter } from './log-writer.ts';
import type { Names } from './names.ts';
import { statusOf } from './status.ts';
import type { TraceIds } from './trace.ts';

/** PostgreSQL's log_min_duration_statement, µs. */
const slowQueryUs = 250_000;

/** What the lines of a request share. */
type Origin = Required<Pick<LogLine, 'instance' | 'traceId' | 'flavour' | 'attributes'>>;

/** How a request ended, as its service sees it. */
interface Ending {
  readonly endpoint: number;
  readonly outcome: number;
  readonly cause: number;
  readonly status: number;
  /** From arrival to answer, µs. */
  readonly us: number;
}

export class RequestLogs {
  readonly #plan: Plan;
  readonly #names: Names;
  readonly #ids: TraceIds;
  readonly #log: LogWriter;
  /** Beginning of the attributes of each endpoint's lines. */
  readonly #endpointAttributes: readonly string[];
  /** Endpoints that users call. */
  readonly #entries: ReadonlySet<number>;

  constructor(parts: {
    readonly plan: Plan;
    readonly names: Names;
    readonly ids: TraceIds;
    readonly log: LogWriter;
  }) {
    const { plan, names, ids, log } = parts;
    this.#plan = plan;
    this.#names = names;
    this.#ids = ids;
    this.#log = log;
    this.#endpointAttributes = Array.from(
      plan.endpointService.keys(),
      (e) => `,"endpoint":${JSON.stringify(names.endpoint(e))}`,
    );
    this.#entries = new Set(plan.trafficEndpoint);
  }

  ended(world: World, r: number, outcome: number): void {
    const { requests, clock } = world;
    const endpoint = requests.endpoint[r] as number;
    const cause = requests.cause[r] as number;
    const us = (clock[0] as number) - (requests.arrivedAt[r] as number);
    const ending = { endpoint, outcome, cause, status: statusOf(outcome, cause), us };
    const attributes = `${this.#endpointAttributes[endpoint]},"status":${ending.status},"duration_ms":${us / 1000}`;
    const origin = { ...this.#originOf(world, r), attributes };
    const kept = ((requests.keep[r] as number) & Keep.logs) !== 0;
    const dialect = this.#log.dialectOf(this.#plan.endpointService[endpoint] as number);
    if (this.#entries.has(endpoint) && requests.parent[r] === -1) {
      if (outcome !== Outcome.ok || kept) this.#access(world, origin, ending);
    } else if (dialect === 'postgres' || dialect === 'redis') {
      this.#statement(world, origin, ending);
    } else if (outcome !== Outcome.ok) {
      this.#failure(world, r, origin, ending);
    } else if (kept) {
      this.#success(world, origin, ending);
    }
  }

  refused(world: World, endpoint: number, instance: number, user: UserRequest | null): void {
    const attributes = `${this.#endpointAttributes[endpoint]},"status":503`;
    if (user) {
      const traceId = this.#ids.traceId(user.traffic, user.number);
      const flavour = this.#ids.flavour(user.traffic, user.number);
      const outcome = Outcome.refused;
      const ending = { endpoint, outcome, cause: outcome, status: 503, us: 0 };
      return this.#access(world, { instance, traceId, flavour, attributes }, ending);
    }
    if (!mayWrite(world, instance, Template.rejected)) return;
    const service = this.#plan.endpointService[endpoint] as number;
    this.#log.write(world, {
      ...{ instance, traceId: '', flavour: instance, attributes },
      severity: severityNumbers.warn,
      message: rejection(this.#log.dialectOf(service), world.services.queue[service] as number),
    });
  }

  retrying(world: World, r: number, outcome: number, pauseUs: number): void {
    const { requests, calls } = world;
    if (!mayWrite(world, requests.instance[r] as number, Template.retry)) return;
    const endpoint = requests.endpoint[r] as number;
    const attempt = (requests.attempt[r] as number) + 1;
    const attempts = (calls.retriesMax[requests.call[r] as number] as number) + 1;
    const pauseMs = Math.round(pauseUs / 1000);
    this.#log.write(world, {
      ...this.#originOf(world, r),
      severity: severityNumbers.warn,
      message: `attempt ${attempt} of ${attempts} failed, retrying in ${pauseMs}ms: ${this.#failureOf(world, r, outcome)}`,
      attributes: `${this.#endpointAttributes[endpoint]},"attempt":${attempt}`,
    });
  }

  poolTimedOut(world: World, r: number, part: number): void {
    if (!mayWrite(world, world.requests.instance[r] as number, Template.poolTimeout)) return;
    const pool = this.#plan.poolPartPool[part] as number;
    const waitMs = Math.round((world.pools.timeoutUs[pool] as number) / 1000);
    const what = `Connection is not available, request timed out after ${waitMs}ms`;
    this.#lease(world, r, { part, waitMs, severity: severityNumbers.error, what });
  }

  leasedLate(world: World, r: number, part: number): void {
    const { requests, clock } = world;
    if (!mayWrite(world, requests.instance[r] as number, Template.slowLease)) return;
    const waitMs = Math.round(((clock[0] as number) - (requests.attemptAt[r] as number)) / 1000);
    const what = `Connection acquired after ${waitMs}ms`;
    this.#lease(world, r, { part, waitMs, severity: severityNumbers.warn, what });
  }

  /** The line of a front proxy: users see it, whatever happened behind. */
  #access(world: World, origin: Origin, { endpoint, outcome, cause, status, us }: Ending): void {
    this.#log.write(world, {
      ...origin,
      verbatim: true,
      severity: outcome === Outcome.ok ? severityNumbers.info : severityNumbers.error,
      message: accessLine(this.#plan, this.#names, world, {
        ...origin,
        endpoint,
        status,
        us,
        cause,
      }),
    });
  }

  #success(world: World, origin: Origin, { endpoint, status, us }: Ending): void {
    this.#log.write(world, {
      ...origin,
      severity: severityNumbers.info,
      message: 'request completed',
      fields: [
        ['method', this.#names.method(endpoint)],
        ['path', this.#names.path(endpoint)],
        ['status', status],
        ['duration_ms', us / 1000],
      ],
    });
  }

  #failure(world: World, r: number, origin: Origin, { endpoint, cause, status }: Ending): void {
    if (!mayWrite(world, origin.instance, Template.failure)) return;
    const service = this.#plan.endpointService[endpoint] as number;
    const dialect = this.#log.dialectOf(service);
    const reason = cause === Outcome.ok ? ownError(dialect) : this.#failureOf(world, r, cause);
    const trace = dialect === 'spring' ? stackTrace(this.#names.service(service), reason) : '';
    const request = `${this.#names.method(endpoint)} ${this.#names.path(endpoint)}`;
    this.#log.write(world, {
      ...origin,
      severity: severityNumbers.error,
      message: `${request} failed with ${status}: ${reason}${trace}`,
    });
  }

  /** Stores are silent about what goes well and fast. */
  #statement(world: World, origin: Origin, { outcome, us }: Ending): void {
    const ok = outcome === Outcome.ok;
    if (ok && us < slowQueryUs) return;
    if (!mayWrite(world, origin.instance, ok ? Template.slowQuery : Template.failure)) return;
    this.#log.write(world, {
      ...origin,
      severity: ok ? severityNumbers.info : severityNumbers.error,
      message: ok
        ? `duration: ${(us / 1000).toFixed(3)} ms  execute <unnamed>: SELECT * FROM orders WHERE id = $1`
        : failedStatement(origin.flavour),
    });
  }

  #lease(
    world: World,
    r: number,
    lease: {
      readonly part: number;
      readonly waitMs: number;
      readonly severity: number;
      readonly what: string;
    },
  ): void {
    const name = this.#poolName(lease.part);
    this.#log.write(world, {
      ...this.#originOf(world, r),
      severity: lease.severity,
      message: `${name} - ${lease.what} ${this.#poolUse(world, lease.part)}`,
      attributes: `,"pool":${JSON.stringify(name)},"wait_ms":${lease.waitMs}`,
    });
  }

  #originOf({ requests }: World, r: number): Omit<Origin, 'attributes'> {
    const traffic = requests.traffic[r] as number;
    const number = requests.number[r] as number;
    return {
      instance: requests.instance[r] as number,
      traceId: this.#ids.traceId(traffic, number),
      flavour: this.#ids.flavour(traffic, number),
    };
  }

  #failureOf(world: World, r: number, outcome: number): string {
    const { requests, clock } = world;
    const plan = this.#plan;
    const callee = plan.callTo[requests.call[r] as number] as number;
    const service = plan.endpointService[callee] as number;
    const caller = plan.endpointService[requests.endpoint[r] as number] as number;
    return describeFailure(this.#log.dialectOf(caller), {
      outcome,
      status: statusOf(Outcome.failed, requests.answer[r] as number),
      callee: this.#names.service(service),
      method: this.#names.method(callee),
      path: this.#names.path(callee),
      elapsedMs: ((clock[0] as number) - (requests.attemptAt[r] as number)) / 1000,
      database: plan.scenario.services[service]?.kind === 'database',
    });
  }

  #poolUse({ pools }: World, part: number): string {
    const size = pools.size[this.#plan.poolPartPool[part] as number] as number;
    const active = pools.partUsed[part] as number;
    return `(total=${size}, active=${active}, idle=${Math.max(0, size - active)}, waiting=${pools.partWaiting[part]})`;
  }

  #poolName(part: number): string {
    const plan = this.#plan;
    const pool = plan.poolPartPool[part] as number;
    const service = plan.poolService[pool] as number;
    const { pools } = plan.scenario.services[service] ?? { pools: [] };
    return pools[pool - (plan.poolBase[service] as number)]?.name ?? '';
  }
}

function failedStatement(flavour: number): string {
  return flavour % 3 === 0 ? 'deadlock detected' : 'canceling statement due to lock timeout';
}

function ownError(dialect: string): string {
  if (dialect === 'pino') return "TypeError: Cannot read properties of undefined (reading 'id')";
  if (dialect === 'spring') return 'java.lang.IllegalStateException: unexpected null in response';
  return 'runtime error: invalid memory address or nil pointer dereference';
}

function rejection(dialect: string, queue: number): string {
  return dialect === 'spring'
    ? `Task rejected from ThreadPoolExecutor[queued tasks = ${queue}], answering 503`
    : dialect === 'postgres'
      ? 'sorry, too many clients already'
      : `request rejected: queue full (${queue} waiting)`;
}
