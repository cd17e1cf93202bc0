/**
 * Own latency by metrics: the rise of a service's latency over what is usual, less the rises of what it
 * waits for. Quantiles do not subtract, so rises are compared, and all callees' rises together (times a
 * margin) must leave as much unexplained as the service usually takes in all.
 */
interface Measured {
  last: number;
  at: number;
  /** Latest usual values, oldest first, s. */
  readonly usual: number[];
}

export interface Quantiles {
  readonly own: Measured;
  /** By callee, with a mark before it. */
  readonly callees: Record<string, Measured>;
  count: number;
  requests: number | null;
  cadenceUs: number;
  fresh: boolean;
  over: number;
  /** Points in a row that were not learnt. */
  held: number;
}

export interface QuantileLimits {
  readonly factor: number;
  readonly margin: number;
  readonly least: number;
  readonly requests: number;
  readonly points: number;
  readonly warm_up: number;
}

/** All in seconds; `times` the least rise that counts. */
export interface Unexplained {
  readonly latency: number;
  readonly usual: number;
  readonly explained: number;
  readonly times: number;
}

const secondUs = 1_000_000;
const memory = 60;
const calleesMax = 64;
/** So long an odd level is news; then it is how the service is. */
const heldMax = 90;

export function noQuantiles(): Quantiles {
  const rest = { count: 0, requests: null, cadenceUs: 0, fresh: false, over: 0, held: 0 };
  return { own: measured(), callees: {}, ...rest };
}

export function setCallee({ callees }: Quantiles, name: string, value: number, t: number): void {
  const key = `>${name}`;
  const known = callees[key];
  if (known !== undefined) set(known, value, t);
  else if (Object.keys(callees).length < calleesMax)
    callees[key] = { ...measured(), last: value, at: t };
}

export function setOwn(
  quantiles: Quantiles,
  {
    value,
    t,
    requests,
    cadenceUs,
  }: {
    readonly value: number;
    readonly t: number;
    readonly requests: number | null;
    readonly cadenceUs: number;
  },
): void {
  set(quantiles.own, value, t);
  Object.assign(quantiles, { requests, cadenceUs, fresh: true });
}

/**
 * Judges the scrape that has come in: what is unexplained for long enough; `soon` where it has begun to
 * be, `no` where it is as usual, `unknown` before anything is.
 */
export function judgeScrape(
  state: Quantiles,
  limits: QuantileLimits,
): Unexplained | 'soon' | 'no' | 'unknown' {
  state.fresh = false;
  state.count++;
  const { own } = state;
  const usual = median(own.usual);
  const rise = own.last - usual;
  const waits = Object.values(state.callees).filter(({ at }) => own.at - at <= 30 * secondUs);
  const explained = waits.reduce((sum, one) => sum + Math.max(0, one.last - median(one.usual)), 0);
  const unexplained = rise - limits.margin * explained;
  const isWarm = state.count > limits.warm_up;
  const isEnough = state.requests === null || state.requests >= limits.requests;
  const spread = median(own.usual.map((value) => Math.abs(value - usual)));
  const least = Math.max(limits.least, limits.factor * usual, 6 * spread);
  const isOver = isWarm && isEnough && unexplained >= least;
  state.over = isOver ? state.over + 1 : 0;
  const isOdd = isWarm && rise >= least;
  state.held = isOdd ? state.held + 1 : 0;
  if (!isOdd || state.held > heldMax) for (const one of [own, ...waits]) learn(one);
  if (!isWarm) return 'unknown';
  if (state.over < limits.points) return state.over > 0 ? 'soon' : 'no';
  return { latency: own.last, usual, explained, times: unexplained / least };
}

function measured(): Measured {
  return { last: 0, at: 0, usual: [] };
}

function set(one: Measured, value: number, t: number): void {
  one.last = value;
  one.at = t;
}

function learn({ usual, last }: Measured): void {
  usual.push(last);
  usual.splice(0, usual.length - memory);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
