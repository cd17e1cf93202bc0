/**
 * How many rows a period of a series has, as TSB-AD guesses it (`find_length_rank`, rank 1) to choose
 * the largest tolerance of its volumes: the highest local maximum of the autocorrelation.
 */

const rowsMax = 20_000;
const lagMin = 3;
const lagMax = 400;
/** Where no period between 6 and 303 rows stands out. */
const usualBuffer = 125;
const offsetMin = 3;
const offsetMax = 300;

export function vusBuffer(values: Readonly<Float64Array>): number {
  // Rounding of the mean would make peaks of its own.
  if (values.every((value) => value === values[0])) return usualBuffer;
  const correlation = autocorrelation(values.subarray(0, rowsMax));
  let best = -1;
  for (let i = 1; i < correlation.length - 1; i++) {
    const own = correlation[i] as number;
    const isPeak = own > (correlation[i - 1] as number) && own > (correlation[i + 1] as number);
    if (isPeak && (best < 0 || own > (correlation[best] as number))) best = i;
  }
  return best < offsetMin || best > offsetMax ? usualBuffer : best + lagMin;
}

/** Lags from 3 to 400, not normalised: only which is highest matters. */
function autocorrelation(values: Readonly<Float64Array>): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = Float64Array.from(values, (value) => value - mean);
  const lags = Math.max(0, Math.min(lagMax, values.length - 1) - lagMin + 1);
  return Float64Array.from({ length: lags }, (_, i) => {
    let sum = 0;
    for (let row = i + lagMin; row < centred.length; row++) {
      sum += (centred[row] as number) * (centred[row - i - lagMin] as number);
    }
    return sum;
  });
}
