/**
 * Judges what a forecast left over: its distance in running deviations, and how many such points came
 * in a row. The deviation is the root of the mean square, each residual counting for at most
 * `clipDeviations`: tails of real series are heavy, and a robust deviation, which leaves them out,
 * cries wolf at every one of them (tried with Huber's clipping at three on the NAB files: 6 points
 * with it, 53 without).
 */
export interface Residuals {
  deviation: number;
  count: number;
  /** Points in a row beyond the limit, signed by the side. */
  run: number;
}

export interface ResidualRules {
  /** Points that the deviation remembers. */
  readonly memory: number;
  /** Points before the first score. */
  readonly warmUp: number;
  /** Least deviation that counts. */
  readonly floor: number;
  /** Deviations from which a point counts towards a finding. */
  readonly limit: number;
}

/** Beyond this a residual teaches no more. */
const clipDeviations = 10;
/** Deviations up to which a residual is nothing. */
const usualDeviations = 3;

export function residuals(): Residuals {
  return { deviation: 0, count: 0, run: 0 };
}

/** Deviations by which the residual is off, signed; null while too little is known. It is learnt from. */
export function judge(state: Residuals, residual: number, rules: ResidualRules): number | null {
  const scale = Math.max(state.deviation, rules.floor, Number.MIN_VALUE);
  const isKnown = state.count >= rules.warmUp;
  const z = isKnown ? residual / scale : null;
  state.count = Math.min(rules.memory, state.count + 1);
  const size = isKnown ? Math.min(Math.abs(residual), clipDeviations * scale) : Math.abs(residual);
  const before = state.deviation ** 2;
  state.deviation = Math.sqrt(before + (size ** 2 - before) / state.count);
  if (z === null || Math.abs(z) < rules.limit) state.run = 0;
  else state.run = Math.sign(state.run) === Math.sign(z) ? state.run + Math.sign(z) : Math.sign(z);
  return z;
}

/** 0 up to three deviations, 0.5 at eleven, towards 1. */
export function scoreOfDeviations(z: number): number {
  const beyond = Math.abs(z) - usualDeviations;
  return beyond <= 0 ? 0 : beyond / (beyond + 8);
}
