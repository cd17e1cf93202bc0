/** Closed forms and intervals for queues, shared by the bars and the tests. */

/**
 * Mean wait in M/M/c: Erlang C (Erlang 1917; Kleinrock, Queueing Systems I, 3.40), in µs.
 * P(wait) = (aᶜ/c!)(1/(1−ρ)) / (Σ aᵏ/k! + (aᶜ/c!)(1/(1−ρ))), W = P(wait) / (cμ − λ).
 */
export function erlangWaitUs(queue: {
  readonly servers: number;
  readonly ratePerUs: number;
  readonly meanUs: number;
}): number {
  const { servers, ratePerUs, meanUs } = queue;
  const load = ratePerUs * meanUs;
  let term = 1;
  let sum = 0;
  for (let k = 0; k < servers; k++) {
    sum += term;
    term *= load / (k + 1);
  }
  const waiting = term / (1 - load / servers);
  return waiting / (sum + waiting) / (servers / meanUs - ratePerUs);
}

/** Mean wait in M/G/1: Pollaczek–Khinchine, W = λ E[S²] / (2 (1 − ρ)), in µs. */
export function pollaczekWaitUs(queue: {
  readonly ratePerUs: number;
  readonly meanUs: number;
  readonly secondMoment: number;
}): number {
  const { ratePerUs, meanUs, secondMoment } = queue;
  return (ratePerUs * secondMoment) / (2 * (1 - ratePerUs * meanUs));
}

/** 99 % interval of the mean from means of consecutive batches, which are all but independent. */
export function batchMeansInterval(means: readonly number[]): {
  readonly low: number;
  readonly high: number;
} {
  const n = means.length;
  const mean = means.reduce((sum, value) => sum + value, 0) / n;
  const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  // Student's t for 99 %, two sides; the expansion of Cornish and Fisher is exact to 1e-3 from 15 on.
  const z = 2.5758293035489004;
  const t =
    z + (z ** 3 + z) / (4 * (n - 1)) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * (n - 1) ** 2);
  const half = t * Math.sqrt(variance / n);
  return { low: mean - half, high: mean + half };
}
