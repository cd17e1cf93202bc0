/** How people see time. Inside the page, as in the engine, time is integer µs since the scenario's start. */
import type { Micros } from '../../../engine/sdk/index.ts';

const second = 1_000_000;

/** `12:30.250`, or `1:02:30.250` from an hour on; the form that the address bar carries. */
export function formatPlayhead(t: Micros): string {
  const ms = Math.floor(Math.max(0, t) / 1000);
  return `${clock(Math.floor(ms / 1000))}.${pad(ms % 1000, 3)}`;
}

/** Reads `12:30.250`, `1:02:30`, `750.5`; µs, or null where the text is no time. */
export function parsePlayhead(text: string): Micros | null {
  const match = /^(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,7})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (!match) return null;
  const [, hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * second + Number(fraction.padEnd(6, '0'));
}

/** `12:30`, for axes and short places. */
export function formatClock(t: Micros): string {
  return clock(Math.floor(Math.max(0, t) / second));
}

/** `5:48` below an hour, `2 h 05 min` below two days, then `3 d 4 h`. */
export function formatDuration(us: Micros): string {
  const seconds = Math.max(0, Math.round(us / second));
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${pad(seconds % 60, 2)}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 2 * 24 * 60) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60, 2)} min`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `12 min 30 s`, as it is spoken. */
export function speakTime(t: Micros): string {
  const seconds = Math.floor(Math.max(0, t) / second);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const parts = [hours && `${hours} h`, minutes && `${minutes} min`, `${seconds % 60} s`];
  return parts.filter(Boolean).join(' ');
}

const utcDay = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
});

/** `Mon 2 Mar 09:12:30 UTC`. */
export function formatUtc(startUnixUs: number, t: Micros): string {
  return `${utcDay.format((startUnixUs + t) / 1000).replaceAll(',', '')} UTC`;
}

/** `09:12:28.114`, the time of day in UTC. */
export function formatTimeOfDay(startUnixUs: number, t: Micros): string {
  const instant = new Date((startUnixUs + t) / 1000);
  return Number.isNaN(instant.getTime()) ? formatPlayhead(t) : instant.toISOString().slice(11, 23);
}

const localMoment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** A wall-clock moment in the reader's zone. */
export function formatMoment(unixMs: number): string {
  return localMoment.format(unixMs);
}

const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `3 minutes ago`, `yesterday`. */
export function formatAgo(unixMs: number, nowUnixMs: number): string {
  // Clocks of two machines differ a little; nothing was made in the future.
  const seconds = Math.max(0, (nowUnixMs - unixMs) / 1000);
  const step = steps.find(([, length]) => seconds >= length);
  return step ? ago.format(-Math.floor(seconds / step[1]), step[0]) : 'just now';
}

function clock(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = pad(seconds % 60, 2);
  return hours > 0 ? `${hours}:${pad(minutes, 2)}:${rest}` : `${pad(minutes, 2)}:${rest}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
