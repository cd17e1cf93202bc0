/**
 * p-values for many comparisons at once (Holm 1979): the chance of even one wrong "better" stays
 * below the level, however the comparisons hang together. In the order given.
 */
export function holmCorrection(pValues: readonly number[]): readonly number[] {
  const corrected = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  [...pValues.entries()]
    .sort(([, a], [, b]) => a - b)
    .forEach(([i, p], rank) => {
      largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
      corrected[i] = largest;
    });
  return corrected;
}
