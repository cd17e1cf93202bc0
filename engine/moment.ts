/** A moment of the scenario as people write it, the counterpart of `momentText`. */
import { parseUnit } from './scenario/units.ts';
import type { Micros } from './sdk/index.ts';

const clock = /^(?:(\d{1,4}):)?(\d{1,5}):(\d{2})(?:\.(\d{1,6}))?$/;

/** `T+12:30`, `12:30`, `1:02:30.250`, `12m30s`; null where the text is no moment. */
export function parseMoment(text: string): Micros | null {
  const plain = text.trim().replace(/^T\+/i, '');
  const [found, hours = '0', minutes = '0', seconds = '0', fraction = ''] = clock.exec(plain) ?? [];
  if (found === undefined) {
    const parsed = parseUnit('duration', plain);
    return 'value' in parsed ? parsed.value : null;
  }
  if (Number(seconds) > 59) return null;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1_000_000 + Number(fraction.padEnd(6, '0'));
}
