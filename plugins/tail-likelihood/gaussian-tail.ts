/** Share of a Gaussian beyond z > 0: Abramowitz and Stegun 26.2.17, and 26.2.12 far out. */
export function gaussianTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 6) return Math.max(Number.MIN_VALUE, density / z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return Math.max(Number.MIN_VALUE, density * series);
}
