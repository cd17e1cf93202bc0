/** What one window says of a service, in words: its figures, whatever its state was decided by. */
import { rateText, secondsText, shareText } from '../wording.ts';
import type { HealthFigures } from './model.ts';

/** Empty where nothing was measured. */
export function windowText({ requestRate, errorRatio, latencyP95 }: HealthFigures): string {
  if (requestRate === 0 && errorRatio === null) return 'no requests, so nothing to judge it by';
  const parts: string[] = [];
  if (errorRatio !== null) parts.push(`${shareText(errorRatio)} of requests fail`);
  if (latencyP95 !== null) parts.push(`p95 is ${secondsText(latencyP95)}`);
  if (parts.length === 0 && requestRate !== null) parts.push(`${rateText(requestRate)} requests`);
  return parts.join(', ');
}
