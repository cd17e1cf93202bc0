/**
 * Log lines of requests. Success is sampled by trace, problems are always written (loggers limit
 * their own repeats). Caller and callee word the same failure differently, and neither knows what the
 * other knows.
 */
import { severityNumbers } from '../../sdk/index.ts';
import type { FaultModel } from '../../scenario/model.ts';
import { DnsAnswer } from '../links.ts';
import type { Plan } from '../plan.ts';
import { isPoison } from '../queues.ts';
import { Keep, Origin, Outcome } from '../requests.ts';
import type { UserRequest } from '../simulation.ts';
import type { World } from '../world.ts';
import {
  accessLine,
  describeFailure,
  describeOwnFailure,
  describeSuccess,
  stackTrace,
  type OwnFailure,
} from './dialects/index.ts';
import { mayWrite, Template } from './limiter.ts';
import type { LogLine, LogWriter } from './log-writer.ts';
import type { Names } from './names.ts';
import { statusOf } from './status.ts';
import type { TraceIds } from './trace.ts';

/** PostgreSQL's log_min_duration_statement, µs. */
const slowQueryUs = 250_000;

/** What the lines of a request share. */
type LineOrigin = Required<Pick<LogLine, 'instance' | 'traceId' | 'flavour' | 'attributes'>>;

/** How a request ended, as its service sees it. */
interface Ending {
  readonly endpoint: number;
  readonly outcome: number;
  readonly cause: number;
  readonly status: number;
  /** From arrival to answer, µs. */
  readonly us: number;
  readonly abandoned: boolean;
}

export class RequestLogs {
  readonly #plan: Plan;
  readonly #names: Names;
  readonly #ids: TraceIds;
  readonly #log: LogWriter;
  /** Beginning of the attributes of each endpoint's lines. */
  readonly #endpointAttributes: readonly string[];

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
  }

  ended(world: World, r: number, outcome: number): void {
    const { requests, clock } = world;
    const endpoint = requests.endpoint[r] as number;
    const cause = requests.cause[r] as number;
    const kept = ((requests.keep[r] as number) & Keep.logs) !== 0;
    const us = (clock[0] as number) - (requests.arrivedAt[r] as number);
    const service = this.#plan.endpointService[endpoint] as number;
    const isStore = this.#isStore(service);
    if (outcome === Outcome.ok && !kept && !(isStore && us >= slowQueryUs)) return;
    const status = statusOf(outcome, cause);
    const abandoned = (requests.reload[r] as number) < 0;
    const ending = { endpoint, outcome, cause, status, us, abandoned };
    const attributes = `${this.#endpointAttributes[endpoint]},"status":${status},"duration_ms":${us / 1000}`;
    const origin = { ...this.#originOf(world, r), attributes };
    if (requests.origin[r] === Origin.user) this.#access(world, origin, ending);
    if (isStore && outcome === Outcome.ok) this.#slowStatement(world, origin, ending);
    else if (outcome !== Outcome.ok) this.#failure(world, r, origin, ending);
    else if (requests.origin[r] !== Origin.user) this.#success(world, origin, ending);
  }

  turnedAway(
    world: World,
    endpoint: number,
    instance: number,
    user: UserRequest | null,
    outcome: number,
  ): void {
    const status = statusOf(outcome, outcome);
    const attributes = `${this.#endpointAttributes[endpoint]},"status":${status}`;
    if (user) {
      const traceId = this.#ids.traceId(user.traffic, user.number);
      const flavour = this.#ids.flavour(user.traffic, user.number);
      const ending = { endpoint, outcome, cause: outcome, status, us: 0, abandoned: false };
      return this.#access(world, { instance, traceId, flavour, attributes }, ending);
    }
    if (!mayWrite(world, instance, Template.rejected)) return;
    const service = this.#plan.endpointService[endpoint] as number;
    const max = world.services.queue[service] as number;
    const words = this.#ownWords(endpoint, { cause: outcome, flavour: instance, max });
    this.#log.write(world, { ...words, instance, traceId: '', flavour: instance, attributes });
  }

  retrying(world: World, r: number, outcome: number, pauseUs: number): void {
    const { requests, calls } = world;
    const instance = requests.instance[r] as number;
    if (!mayWrite(world, instance, Template.retry)) return;
    const endpoint = requests.endpoint[r] as number;
    const attempt = (requests.attempt[r] as number) + 1;
    this.#log.event(world, {
      instance,
      kind: 'retrying',
      params: {
        attempt,
        attempts: (calls.retriesMax[requests.call[r] as number] as number) + 1,
        pauseMs: Math.round(pauseUs / 1000),
        reason: this.#failureOf(world, r, outcome),
      },
      traceId: this.#originOf(world, r).traceId,
      attributes: `${this.#endpointAttributes[endpoint]},"attempt":${attempt}`,
    });
  }

  /** A call that the request goes on without. */
  goneWithout(world: World, r: number, outcome: number): void {
    const instance = world.requests.instance[r] as number;
    if (!mayWrite(world, instance, Template.fallback)) return;
    const endpoint = world.requests.endpoint[r] as number;
    this.#log.write(world, {
      ...this.#originOf(world, r),
      severity: severityNumbers.warn,
      message: `answering without ${this.#calleeOf(world, r)}: ${this.#failureOf(world, r, outcome)}`,
      attributes: this.#endpointAttributes[endpoint] ?? '',
    });
  }

  leasedLate(world: World, r: number, part: number): void {
    const { requests, clock, pools } = world;
    const instance = requests.instance[r] as number;
    if (!mayWrite(world, instance, Template.slowLease)) return;
    const waitMs = Math.round(((clock[0] as number) - (requests.attemptAt[r] as number)) / 1000);
    const pool = this.#poolName(part);
    this.#log.event(world, {
      instance,
      kind: 'lease-late',
      params: {
        pool,
        waitMs,
        total: pools.size[this.#plan.poolPartPool[part] as number] as number,
        active: pools.partUsed[part] as number,
        waiting: pools.partWaiting[part] as number,
      },
      traceId: this.#originOf(world, r).traceId,
      attributes: `,"pool":${JSON.stringify(pool)},"wait_ms":${waitMs}`,
    });
  }

  /** The line of a front proxy: users see it, whatever happened behind. */
  #access(world: World, origin: LineOrigin, ending: Ending): void {
    const { endpoint, outcome, cause, status, us, abandoned } = ending;
    const service = this.#plan.endpointService[endpoint] as number;
    const failed = outcome !== Outcome.ok || abandoned;
    this.#log.write(world, {
      ...origin,
      severity: failed
        ? status >= 500
          ? severityNumbers.error
          : severityNumbers.warn
        : severityNumbers.info,
      verbatim: true,
      message: accessLine(this.#log.runtimeOf(service), {
        wall: this.#log.wall(world, origin.instance),
        traceId: origin.traceId,
        flavour: origin.flavour,
        method: this.#names.method(endpoint),
        path: this.#names.path(endpoint),
        status,
        us,
        cause,
        authority: this.#names.service(service),
        upstream: `${this.#names.address(origin.instance)}:8080`,
        abandoned,
      }),
    });
  }

  #success(world: World, origin: LineOrigin, { endpoint, status, us }: Ending): void {
    const service = this.#plan.endpointService[endpoint] as number;
    const words = describeSuccess(this.#log.runtimeOf(service), {
      method: this.#names.method(endpoint),
      path: this.#names.path(endpoint),
      status,
      ms: us / 1000,
      flavour: origin.flavour,
      table: this.#plan.endpoints[endpoint]?.table ?? '',
    });
    this.#log.write(world, { ...origin, ...words, severity: severityNumbers.info });
  }

  #failure(world: World, r: number, origin: LineOrigin, { endpoint, cause, status }: Ending): void {
    const cursor = world.requests.cursor[r] as number;
    // The consumer tells of a message that it cannot read, with its offset.
    if (cursor >= 0 && isPoison({ world }, cursor)) return;
    if (!mayWrite(world, origin.instance, Template.failure)) return;
    const service = this.#plan.endpointService[endpoint] as number;
    const runtime = this.#log.runtimeOf(service);
    if ((world.requests.call[r] as number) < 0) {
      const own = { cause: cause === Outcome.ok ? Outcome.failed : cause, flavour: origin.flavour };
      const fault = this.#faultOf(world, r, cause);
      this.#log.write(world, { ...origin, ...this.#ownWords(endpoint, own, fault) });
      return;
    }
    const reason = this.#failureOf(world, r, cause);
    const path = this.#names.path(endpoint);
    this.#log.write(world, {
      ...origin,
      severity: severityNumbers.error,
      message: `${this.#names.method(endpoint)} ${path} failed with ${status}: ${reason}`,
      stack: stackTrace(runtime, { path, reason, flavour: origin.flavour }),
    });
  }

  #ownWords(
    endpoint: number,
    own: Pick<OwnFailure, 'cause' | 'flavour'> & Partial<OwnFailure>,
    fault: FaultModel | null = null,
  ): Pick<LogLine, 'message' | 'severity' | 'stack'> {
    const service = this.#plan.endpointService[endpoint] as number;
    return describeOwnFailure(this.#log.runtimeOf(service), {
      method: this.#names.method(endpoint),
      path: this.#names.path(endpoint),
      table: this.#plan.endpoints[endpoint]?.table ?? '',
      counter: fault?.kind === 'exhaustion' ? fault.counter : '',
      max: fault?.kind === 'exhaustion' ? fault.max : 0,
      message: fault?.kind === 'errors' ? fault.message : '',
      ...own,
    });
  }

  /** Stores are silent about what goes well and fast. */
  #slowStatement(world: World, origin: LineOrigin, { endpoint, us }: Ending): void {
    if (us < slowQueryUs || !mayWrite(world, origin.instance, Template.slowQuery)) return;
    const table = this.#plan.endpoints[endpoint]?.table ?? '';
    this.#log.event(world, {
      instance: origin.instance,
      kind: 'slow-statement',
      params: { ms: us / 1000, table, statement: this.#names.endpoint(endpoint) },
      traceId: origin.traceId,
      attributes: origin.attributes,
    });
  }

  #originOf({ requests }: World, r: number): Omit<LineOrigin, 'attributes'> {
    const traffic = requests.traffic[r] as number;
    const number = requests.number[r] as number;
    return {
      instance: requests.instance[r] as number,
      traceId: this.#ids.traceId(traffic, number),
      flavour: this.#ids.flavour(traffic, number),
    };
  }

  #failureOf(world: World, r: number, outcome: number): string {
    const { requests, clock, pools } = world;
    const plan = this.#plan;
    const call = requests.call[r] as number;
    const callee = plan.callTo[call] as number;
    const service = plan.endpointService[callee] as number;
    const caller = plan.endpointService[requests.endpoint[r] as number] as number;
    const answer = requests.answer[r] as number;
    const instance = requests.instance[r] as number;
    const pool = plan.callPool[call] as number;
    const part = pool < 0 ? -1 : this.#partOf(pool, instance);
    const counted = this.#exhaustionOf(service);
    return describeFailure(this.#log.runtimeOf(caller), {
      outcome,
      status: statusOf(Outcome.failed, answer),
      callee: this.#names.service(service),
      method: this.#names.method(callee),
      path: this.#names.path(callee),
      elapsedMs: ((clock[0] as number) - (requests.attemptAt[r] as number)) / 1000,
      calleeKind: plan.scenario.services[service]?.kind ?? 'service',
      calleeAddress: this.#names.address(plan.instanceBase[service] as number),
      pool: part < 0 ? '' : this.#poolName(part),
      cause: answer,
      flavour: this.#originOf(world, r).flavour,
      wall: this.#log.wall(world, instance),
      certificateEnd: this.#certificateEnd(service),
      dnsAnswer: dnsAnswers[world.services.dns[service] as number] ?? 'servfail',
      ...(part < 0
        ? {}
        : {
            poolUse: {
              total: pools.size[pool] as number,
              active: pools.partUsed[part] as number,
              waiting: pools.partWaiting[part] as number,
            },
          }),
      ...(counted ? { counter: counted.counter, max: counted.max } : {}),
    });
  }

  #calleeOf(world: World, r: number): string {
    const callee = this.#plan.callTo[world.requests.call[r] as number] as number;
    return this.#names.service(this.#plan.endpointService[callee] as number);
  }

  /** The fault that made a request fail in its own service, where one did: it has words of its own. */
  #faultOf(world: World, r: number, cause: number): FaultModel | null {
    const plan = this.#plan;
    const endpoint = world.requests.endpoint[r] as number;
    const service = plan.endpointService[endpoint] as number;
    if (cause === Outcome.exhausted) return this.#exhaustionOf(service);
    const ordinal = (world.requests.instance[r] as number) - (plan.instanceBase[service] as number);
    const site = (plan.siteBase[endpoint] as number) + ordinal;
    return plan.scenario.faults[world.sites.errorFault[site] as number] ?? null;
  }

  #exhaustionOf(service: number): Extract<FaultModel, { kind: 'exhaustion' }> | null {
    for (const fault of this.#plan.scenario.faults) {
      if (fault.kind === 'exhaustion' && fault.service === service) return fault;
    }
    return null;
  }

  #certificateEnd(service: number): string {
    const { faults, startUnixUs } = this.#plan.scenario;
    const expiry = faults.find((f) => f.kind === 'certificate-expiry' && f.service === service);
    return expiry && expiry.at < Infinity
      ? new Date((startUnixUs + expiry.at) / 1000).toISOString()
      : '';
  }

  #isStore(service: number): boolean {
    const kind = this.#plan.scenario.services[service]?.kind;
    return kind === 'database' || kind === 'cache' || kind === 'queue';
  }

  #partOf(pool: number, instance: number): number {
    const plan = this.#plan;
    const service = plan.poolService[pool] as number;
    return (plan.poolPartBase[pool] as number) + instance - (plan.instanceBase[service] as number);
  }

  #poolName(part: number): string {
    const plan = this.#plan;
    const pool = plan.poolPartPool[part] as number;
    const service = plan.poolService[pool] as number;
    const { pools } = plan.scenario.services[service] ?? { pools: [] };
    return pools[pool - (plan.poolBase[service] as number)]?.name ?? '';
  }
}

const dnsAnswers: Readonly<Record<number, 'nxdomain' | 'servfail' | 'timeout'>> = {
  [DnsAnswer.nxdomain]: 'nxdomain',
  [DnsAnswer.servfail]: 'servfail',
  [DnsAnswer.timeout]: 'timeout',
};
