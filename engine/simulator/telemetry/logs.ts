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

export interface RequestLogs {
  readonly ended: (world: World, r: number, outcome: number) => void;
  readonly refused: (
    world: World,
    endpoint: number,
    instance: number,
    user: UserRequest | null,
  ) => void;
  readonly retrying: (world: World, r: number, outcome: number, pauseUs: number) => void;
  readonly poolTimedOut: (world: World, r: number, part: number) => void;
  readonly leasedLate: (world: World, r: number, part: number) => void;
}

export function makeRequestLogs(
  plan: Plan,
  names: Names,
  ids: TraceIds,
  log: LogWriter,
): RequestLogs {
  const endpointAttributes = Array.from(
    plan.endpointService.keys(),
    (e) => `,"endpoint":${JSON.stringify(names.endpoint(e))}`,
  );
  const entries = new Set(plan.trafficEndpoint);

  /** What all lines of a request share. */
  const lineOf = (
    { requests }: World,
    r: number,
  ): Pick<LogLine, 'instance' | 'traceId' | 'flavour'> => {
    const traffic = requests.traffic[r] as number;
    const number = requests.number[r] as number;
    return {
      instance: requests.instance[r] as number,
      traceId: ids.traceId(traffic, number),
      flavour: ids.flavour(traffic, number),
    };
  };
  const failureOf = (world: World, r: number, outcome: number): string => {
    const { requests, clock } = world;
    const callee = plan.callTo[requests.call[r] as number] as number;
    const service = plan.endpointService[callee] as number;
    const caller = plan.endpointService[requests.endpoint[r] as number] as number;
    return describeFailure(log.dialectOf(caller), {
      outcome,
      status: statusOf(Outcome.failed, requests.answer[r] as number),
      callee: names.service(service),
      method: names.method(callee),
      path: names.path(callee),
      elapsedMs: ((clock[0] as number) - (requests.attemptAt[r] as number)) / 1000,
      database: plan.scenario.services[service]?.kind === 'database',
    });
  };
  const poolOf = (world: World, part: number): string => {
    const { pools } = world;
    const size = pools.size[plan.poolPartPool[part] as number] as number;
    const active = pools.partUsed[part] as number;
    return `(total=${size}, active=${active}, idle=${Math.max(0, size - active)}, waiting=${pools.partWaiting[part]})`;
  };
  const poolName = (part: number): string => {
    const pool = plan.poolPartPool[part] as number;
    const service = plan.poolService[pool] as number;
    return (
      plan.scenario.services[service]?.pools[pool - (plan.poolBase[service] as number)]?.name ?? ''
    );
  };
  const timing = (endpoint: number, status: number, us: number): string =>
    `${endpointAttributes[endpoint]},"status":${status},"duration_ms":${us / 1000}`;

  return {
    ended(world, r, outcome) {
      const { requests, clock } = world;
      const endpoint = requests.endpoint[r] as number;
      const service = plan.endpointService[endpoint] as number;
      const ok = outcome === Outcome.ok;
      const cause = requests.cause[r] as number;
      const us = (clock[0] as number) - (requests.arrivedAt[r] as number);
      const status = statusOf(outcome, cause);
      const shared = { ...lineOf(world, r), attributes: timing(endpoint, status, us) };
      const dialect = log.dialectOf(service);
      const kept = ((requests.keep[r] as number) & Keep.logs) !== 0;
      const isUsers = entries.has(endpoint) && requests.parent[r] === -1;
      const method = names.method(endpoint);
      const path = names.path(endpoint);
      if (isUsers) {
        if (ok && !kept) return;
        return log.write(world, {
          ...shared,
          verbatim: true,
          severity: ok ? severityNumbers.info : severityNumbers.error,
          message: accessLine(plan, names, world, { ...shared, endpoint, status, us, cause }),
        });
      }
      if (dialect === 'postgres' || dialect === 'redis') {
        return storeLine(world, shared, {
          ok,
          us,
          failure: ok ? '' : failedStatement(shared.flavour),
        });
      }
      if (ok) {
        if (!kept) return;
        const fields = [
          ['method', method],
          ['path', path],
          ['status', status],
          ['duration_ms', us / 1000],
        ] as const;
        return log.write(world, {
          ...shared,
          severity: severityNumbers.info,
          message: 'request completed',
          fields,
        });
      }
      if (!mayWrite(world, shared.instance, Template.failure)) return;
      const reason = cause === Outcome.ok ? ownError(dialect) : failureOf(world, r, cause);
      const trace = dialect === 'spring' ? stackTrace(names.service(service), reason) : '';
      log.write(world, {
        ...shared,
        severity: severityNumbers.error,
        message: `${method} ${path} failed with ${status}: ${reason}${trace}`,
      });
    },

    refused(world, endpoint, instance, user) {
      const service = plan.endpointService[endpoint] as number;
      const attributes = `${endpointAttributes[endpoint]},"status":503`;
      if (user) {
        const traceId = ids.traceId(user.traffic, user.number);
        const flavour = ids.flavour(user.traffic, user.number);
        const access = {
          traceId,
          flavour,
          instance,
          endpoint,
          status: 503,
          us: 0,
          cause: Outcome.refused,
        };
        return log.write(world, {
          instance,
          traceId,
          flavour,
          attributes,
          verbatim: true,
          severity: severityNumbers.error,
          message: accessLine(plan, names, world, access),
        });
      }
      if (!mayWrite(world, instance, Template.rejected)) return;
      log.write(world, {
        instance,
        traceId: '',
        flavour: instance,
        attributes,
        severity: severityNumbers.warn,
        message: rejection(log.dialectOf(service), world.services.queue[service] as number),
      });
    },

    retrying(world, r, outcome, pauseUs) {
      const { requests, calls } = world;
      if (!mayWrite(world, requests.instance[r] as number, Template.retry)) return;
      const endpoint = requests.endpoint[r] as number;
      const attempt = (requests.attempt[r] as number) + 1;
      const attempts = (calls.retriesMax[requests.call[r] as number] as number) + 1;
      const pauseMs = Math.round(pauseUs / 1000);
      log.write(world, {
        ...lineOf(world, r),
        severity: severityNumbers.warn,
        message: `attempt ${attempt} of ${attempts} failed, retrying in ${pauseMs}ms: ${failureOf(world, r, outcome)}`,
        attributes: `${endpointAttributes[endpoint]},"attempt":${attempt}`,
      });
    },

    poolTimedOut(world, r, part) {
      const instance = world.requests.instance[r] as number;
      if (!mayWrite(world, instance, Template.poolTimeout)) return;
      const pool = plan.poolPartPool[part] as number;
      const waitMs = Math.round((world.pools.timeoutUs[pool] as number) / 1000);
      log.write(world, {
        ...lineOf(world, r),
        severity: severityNumbers.error,
        message:
          `${poolName(part)} - Connection is not available, request timed out after ${waitMs}ms ` +
          poolOf(world, part),
        attributes: `,"pool":${JSON.stringify(poolName(part))},"wait_ms":${waitMs}`,
      });
    },

    leasedLate(world, r, part) {
      const { requests, clock } = world;
      if (!mayWrite(world, requests.instance[r] as number, Template.slowLease)) return;
      const waitMs = Math.round(((clock[0] as number) - (requests.attemptAt[r] as number)) / 1000);
      log.write(world, {
        ...lineOf(world, r),
        severity: severityNumbers.warn,
        message: `${poolName(part)} - Connection acquired after ${waitMs}ms ${poolOf(world, part)}`,
        attributes: `,"pool":${JSON.stringify(poolName(part))},"wait_ms":${waitMs}`,
      });
    },
  };

  /** Stores are silent about what goes well and fast. */
  function storeLine(
    world: World,
    shared: Pick<LogLine, 'instance' | 'traceId' | 'flavour' | 'attributes'>,
    statement: { readonly ok: boolean; readonly us: number; readonly failure: string },
  ): void {
    const { ok, us, failure } = statement;
    if (ok && us < slowQueryUs) return;
    if (!mayWrite(world, shared.instance, ok ? Template.slowQuery : Template.failure)) return;
    log.write(world, {
      ...shared,
      severity: ok ? severityNumbers.info : severityNumbers.error,
      message: ok
        ? `duration: ${(us / 1000).toFixed(3)} ms  execute <unnamed>: SELECT * FROM orders WHERE id = $1`
        : failure,
    });
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
