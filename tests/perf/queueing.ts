/** Closed forms of queueing theory, shared by the bars and the tests. Times in µs. */

/**
 * Mean wait in M/M/c, which is M/M/1 for one server: Erlang C (Erlang 1917; Kleinrock, Queueing Systems
 * I, 3.40). P(wait) = (aᶜ/c!)(1/(1−ρ)) / (Σ aᵏ/k! + (aᶜ/c!)(1/(1−ρ))), W = P(wait) / (cμ − λ).
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

/**
 * Mean wait in M/G/1: Pollaczek 1930, Khinchine 1932 (Kleinrock, Queueing Systems I, 5.63 with Little's
 * law), W = λ E[S²] / (2 (1 − ρ)).
 */
export function pollaczekWaitUs(queue: {
  readonly ratePerUs: number;
  readonly meanUs: number;
  readonly secondMoment: number;
}): number {
  const { ratePerUs, meanUs, secondMoment } = queue;
  return (ratePerUs * secondMoment) / (2 * (1 - ratePerUs * meanUs));
}

/** First and second moment of a lognormal duration that is given by its median and 99th percentile. */
export function lognormalMoments(duration: { readonly p50Us: number; readonly p99Us: number }): {
  readonly meanUs: number;
  readonly secondMoment: number;
} {
  const mu = Math.log(duration.p50Us);
  const sigma = Math.log(duration.p99Us / duration.p50Us) / 2.3263478740408408;
  return {
    meanUs: Math.exp(mu + sigma ** 2 / 2),
    secondMoment: Math.exp(2 * mu + 2 * sigma ** 2),
  };
}
