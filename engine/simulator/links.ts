/**
 * Links: a call as one instance makes it, with what its client library keeps there. Circuit breaker,
 * retry budget, bulkhead, and the connections that live on while new ones fail.
 */
import { uniform } from '../replay/random.ts';
import type { Plan } from './plan.ts';
import { Outcome } from './requests.ts';
import type { Simulation } from './simulation.ts';

export const Breaker = { closed: 0, open: 1, halfOpen: 2 } as const;

export interface LinkTable {
  /** Calls under way. */
  readonly active: Int32Array;
  /** Code of `Breaker`; when an open one lets a call try, µs, or Infinity for never. */
  readonly breaker: Uint8Array;
  readonly tryAt: Float64Array;
  /** Calls, and those that failed, since the window began, µs. */
  readonly windowAt: Float64Array;
  readonly windowCalls: Int32Array;
  readonly windowFailures: Int32Array;
  /** Retries that may still be spent. */
  readonly tokens: Float64Array;
  /** End of each kept connection, µs: `lanes` of them a link. */
  readonly connectedUntil: Float64Array;
}

/** Connections that a client keeps to one callee. */
const lanes = 4;
/** Retries that a budget starts with, and may save up: a trickle of failures is always tried again. */
const tokensFirst = 10;
const tokensMax = 100;
/** How long a connection is kept where the scenario names no time, µs. */
const keepAliveUsualUs = 60_000_000;
/** How long a resolver waits for an answer, µs (resolv.conf: timeout 5). */
const resolverTimeoutUs = 5_000_000;

export function makeLinks({ linkBase, calls }: Plan): LinkTable {
  const n = linkBase[calls.length] as number;
  return {
    active: new Int32Array(n),
    breaker: new Uint8Array(n),
    tryAt: new Float64Array(n),
    windowAt: new Float64Array(n),
    windowCalls: new Int32Array(n),
    windowFailures: new Int32Array(n),
    tokens: new Float64Array(n).fill(tokensFirst),
    connectedUntil: new Float64Array(n * lanes).fill(-1),
  };
}

export function linkOf({ plan, world }: Simulation, r: number): number {
  const { requests } = world;
  const call = requests.call[r] as number;
  const service = plan.endpointService[requests.endpoint[r] as number] as number;
  const ordinal = (requests.instance[r] as number) - (plan.instanceBase[service] as number);
  return (plan.linkBase[call] as number) + ordinal;
}

/** What a client refuses before anything is sent: ok, `breakerOpen` or `bulkheadFull`. */
export function clientGate(simulation: Simulation, link: number, call: number): number {
  const { plan, world } = simulation;
  const { links, clock } = world;
  const { concurrencyMax = Infinity } = plan.calls[call] ?? {};
  // First, so that an attempt that is to try an open breaker is made.
  if ((links.active[link] as number) >= concurrencyMax) return Outcome.bulkheadFull;
  if (links.breaker[link] !== Breaker.closed) {
    if (links.breaker[link] === Breaker.halfOpen) return Outcome.breakerOpen;
    if ((clock[0] as number) < (links.tryAt[link] as number)) return Outcome.breakerOpen;
    links.breaker[link] = Breaker.halfOpen;
  }
  return Outcome.ok;
}

/** Tells the breaker of a link how an attempt that was sent ended. */
export function countAttempt(
  simulation: Simulation,
  link: number,
  r: number,
  outcome: number,
): void {
  const { plan, world } = simulation;
  const { links, clock, requests } = world;
  const call = requests.call[r] as number;
  const model = plan.calls[call]?.breaker;
  if (!model || links.tryAt[link] === Infinity) return;
  const now = clock[0] as number;
  const failed = outcome !== Outcome.ok;
  if (links.breaker[link] === Breaker.halfOpen) {
    // One that was under way when the breaker opened is not the one that tries.
    if ((requests.attemptAt[r] as number) < (links.tryAt[link] as number)) return;
    if (failed) trip(simulation, link, call, now + model.openUs);
    else close(simulation, link, call);
    return;
  }
  if (links.breaker[link] === Breaker.open) return;
  if (now - (links.windowAt[link] as number) > model.windowUs) startWindow(simulation, link);
  links.windowCalls[link] = (links.windowCalls[link] as number) + 1;
  if (!failed) return;
  const failures = (links.windowFailures[link] as number) + 1;
  links.windowFailures[link] = failures;
  const callsDone = links.windowCalls[link] as number;
  if (callsDone >= model.callsMin && failures >= model.failureShare * callsDone) {
    trip(simulation, link, call, now + model.openUs);
  }
}

/** Opens the breaker of a link until a time, µs; Infinity for good. */
export function trip(simulation: Simulation, link: number, call: number, until: number): void {
  const { world, probe } = simulation;
  world.links.breaker[link] = Breaker.open;
  world.links.tryAt[link] = until;
  if (probe !== null) probe.happened(world, { kind: 'breaker', link, call, open: true });
}

function close(simulation: Simulation, link: number, call: number): void {
  const { world, probe } = simulation;
  world.links.breaker[link] = Breaker.closed;
  world.links.tryAt[link] = 0;
  startWindow(simulation, link);
  if (probe !== null) probe.happened(world, { kind: 'breaker', link, call, open: false });
}

function startWindow({ world: { links, clock } }: Simulation, link: number): void {
  links.windowAt[link] = clock[0] as number;
  links.windowCalls[link] = 0;
  links.windowFailures[link] = 0;
}

/** A first attempt earns its share of a retry. */
export function earnRetry({ plan, world }: Simulation, link: number, call: number): void {
  const budget = plan.calls[call]?.retries.budget ?? Infinity;
  if (budget === Infinity) return;
  world.links.tokens[link] = Math.min(tokensMax, (world.links.tokens[link] as number) + budget);
}

/** Spends one retry; false where the budget has none left. */
export function spendRetry({ plan, world }: Simulation, link: number, call: number): boolean {
  if ((plan.calls[call]?.retries.budget ?? Infinity) === Infinity) return true;
  const tokens = world.links.tokens[link] as number;
  if (tokens < 1) return false;
  world.links.tokens[link] = tokens - 1;
  return true;
}

/** A connection to the callee: kept, new, or refused after `delayUs`. */
export interface Connection {
  readonly outcome: number;
  readonly delayUs: number;
}

const connected: Connection = { outcome: Outcome.ok, delayUs: 0 };

/** Takes a kept connection, or makes a new one: that asks for the name and checks the certificate. */
export function connect(simulation: Simulation, r: number, link: number, call: number): Connection {
  const { plan, world } = simulation;
  const { links, services, requests, clock, streams } = world;
  const now = clock[0] as number;
  const lane = link * lanes + ((requests.number[r] as number) & (lanes - 1));
  if (now < (links.connectedUntil[lane] as number)) return connected;
  const callee = plan.endpointService[plan.callTo[call] as number] as number;
  const dns = services.dns[callee] as number;
  if (dns > 0) {
    return { outcome: Outcome.dns, delayUs: dns === DnsAnswer.timeout ? resolverTimeoutUs : 0 };
  }
  if (services.certificateEnded[callee] === 1) return { outcome: Outcome.tls, delayUs: 0 };
  const kept = plan.calls[call]?.keepAliveUs ?? Infinity;
  const usual = kept === Infinity ? keepAliveUsualUs : kept;
  links.connectedUntil[lane] =
    now + usual * (0.5 + uniform(streams, plan.streams.connection + call));
  return connected;
}

/** How a name fails to resolve. */
export const DnsAnswer = { none: 0, nxdomain: 1, servfail: 2, timeout: 3 } as const;

/**
 * A process ends, or another takes over for it: connections that it has made, and those that others have
 * made to it, end with it. A caller's connections are spread over the processes of the callee in turn.
 */
export function closeConnections(
  { plan, world }: Simulation,
  service: number,
  instance: number,
): void {
  const { connectedUntil } = world.links;
  const ordinal = instance - (plan.instanceBase[service] as number);
  const processes = world.services.desired[service] as number;
  for (let c = 0; c < plan.calls.length; c++) {
    if (plan.callConnects[c] === 0) continue;
    const first = plan.linkBase[c] as number;
    const end = plan.linkBase[c + 1] as number;
    if (plan.endpointService[plan.callFrom[c] as number] === service) {
      connectedUntil.fill(-1, (first + ordinal) * lanes, (first + ordinal + 1) * lanes);
    }
    if (plan.endpointService[plan.callTo[c] as number] !== service) continue;
    for (let lane = first * lanes; lane < end * lanes; lane++) {
      if (lane % processes === ordinal % processes) connectedUntil[lane] = -1;
    }
  }
}

/** An instance starts afresh: nothing is known of its callees, nothing is connected. What is under way stays. */
export function resetLinks({ plan, world }: Simulation, service: number, instance: number): void {
  const { links } = world;
  const ordinal = instance - (plan.instanceBase[service] as number);
  for (let c = 0; c < plan.calls.length; c++) {
    if (plan.endpointService[plan.callFrom[c] as number] !== service) continue;
    const link = (plan.linkBase[c] as number) + ordinal;
    if (links.tryAt[link] !== Infinity) {
      links.breaker[link] = Breaker.closed;
      links.tryAt[link] = 0;
    }
    links.windowCalls[link] = 0;
    links.windowFailures[link] = 0;
    links.tokens[link] = tokensFirst;
  }
}
