import { normalQuantile } from '../../replay/random.ts';
import { usualConfidence, type Interval } from './bootstrap.ts';

/**
 * The interval of a share of independent trials (Wilson 1927). For recall over single incidents: a
 * bootstrap of five hits out of five would call 100 % certain.
 */
export function shareInterval(
  successes: number,
  trials: number,
  confidence = usualConfidence,
): Interval | null {
  if (trials === 0) return null;
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const share = successes / trials;
  const squares = z * z;
  const middle = (share + squares / (2 * trials)) / (1 + squares / trials);
  const spread = Math.sqrt((share * (1 - share)) / trials + squares / (4 * trials * trials));
  const half = (z * spread) / (1 + squares / trials);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
