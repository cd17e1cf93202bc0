/**
 * Of the time that recent requests took beyond what is usual, the share that the service spent itself.
 * A handful of spans tells that, where there are too few for a quantile of each operation.
 */
interface Usual {
  /** Latest usual times of an operation, oldest first, s. */
  readonly own: number[];
  readonly waited: number[];
}

interface Recent {
  readonly t: number;
  readonly own: number;
  readonly waited: number;
}

export interface Shares {
  /** By operation, with a mark before it. */
  readonly usual: Record<string, Usual>;
  /** Time beyond the usual of the latest requests, oldest first, s. */
  readonly recent: Recent[];
}

const operationsMax = 64;
const usualMax = 32;
/** Fewer have no median worth the name. */
const usualMin = 8;
const recentMax = 64;
const recentUs = 60_000_000;
/** Requests that have to tell. */
const recentMin = 5;

export interface Served {
  readonly operation: string;
  readonly t: number;
  readonly own: number;
  readonly waited: number;
}

export function noShares(): Shares {
  return { usual: {}, recent: [] };
}

/** @param isUsual the service is as ever: what it does now may be learnt */
export function addServed(
  { usual, recent }: Shares,
  { operation, t, own, waited }: Served,
  isUsual: boolean,
): void {
  const key = `>${operation}`;
  const known = usual[key] ?? { own: [], waited: [] };
  if (known.own.length >= usualMin) {
    recent.push({
      t,
      own: Math.max(0, own - median(known.own)),
      waited: Math.max(0, waited - median(known.waited)),
    });
    recent.splice(0, recent.length - recentMax);
  }
  if (!isUsual || (usual[key] === undefined && Object.keys(usual).length >= operationsMax)) return;
  usual[key] = known;
  for (const [list, value] of [
    [known.own, own],
    [known.waited, waited],
  ] as const) {
    list.push(value);
    list.splice(0, list.length - usualMax);
  }
}

/** Own share of the excess in the last minute; null where too few spans tell. */
export function ownShare({ recent }: Shares, now: number): number | null {
  const told = recent.filter(({ t }) => now - t <= recentUs);
  if (told.length < recentMin) return null;
  const own = told.reduce((sum, one) => sum + one.own, 0);
  const all = told.reduce((sum, one) => sum + one.own + one.waited, 0);
  return all > 0 ? own / all : null;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
