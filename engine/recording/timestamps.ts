/**
 * Timestamps of recordings, exact to the nanosecond. An instant is two numbers, whole microseconds
 * since the Unix epoch (below 2^53 until the year 2255) and the nanoseconds left over, because a
 * double cannot hold nanoseconds and a bigint a record is four times slower to make and compare.
 */

export interface Instant {
  /** Microseconds since the Unix epoch, an integer. */
  readonly us: number;
  /** 0–999. */
  readonly ns: number;
}

/** Instants outside of 1970–2200 are broken clocks: Go's zero time, a counter since boot, a bad unit. */
const usMax = Date.UTC(2200, 0, 1) * 1000;

/** A timestamp as loggers write it: a number or text. null where it is none. */
export function parseTimestamp(value: unknown): Instant | null {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return /^\d+(\.\d+)?$/.test(text) ? fromDigits(text) : fromDate(text);
}

/** Seconds, milliseconds, microseconds or nanoseconds, told apart by magnitude. */
function fromNumber(value: number): Instant | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  if (Number.isSafeInteger(value)) return fromDigits(String(value));
  if (value < 1e11) return checked(Math.round(value * 1e6), 0);
  if (value < 1e14) return checked(Math.round(value * 1e3), 0);
  if (value < 1e17) return checked(Math.floor(value), 0);
  return fromDigits(BigInt(value).toString());
}

function fromDigits(text: string): Instant | null {
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole.replace(/^0+(?=\d)/, '');
  // 11 digits of seconds reach the year 5138; the next unit starts where that would be.
  const scale = digits.length <= 11 ? 9 : digits.length <= 14 ? 6 : digits.length <= 17 ? 3 : 0;
  const nanos = digits + fraction.padEnd(scale, '0').slice(0, scale);
  if (nanos.length > 19) return null;
  return checked(Number(nanos.slice(0, -3)), Number(nanos.slice(-3)));
}

const datePattern =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?\s*(Z|z|UTC|[+-]\d\d:?\d\d)?(?: UTC)?(?: m=[+-][\d.]+)?$/;

/** RFC 3339 and its relatives: a space for the T, a comma, Go's `+0000 UTC m=+1.2`; no zone is UTC. */
function fromDate(text: string): Instant | null {
  const match = datePattern.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const [y, mo, d] = [Number(year), Number(month), Number(day)];
  const [h, mi, s] = [Number(hour), Number(minute), Number(second)];
  // A leap second (60) becomes the next second, as Unix time has it.
  if (mo < 1 || mo > 12 || d < 1 || d > daysOf(y, mo) || h > 23 || mi > 59 || s > 60) return null;
  const nanos = fraction.padEnd(9, '0');
  const seconds = Date.UTC(y, mo - 1, d, h, mi, s) / 1000 - zoneSeconds(zone);
  return checked(seconds * 1e6 + Number(nanos.slice(0, 6)), Number(nanos.slice(6)));
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

function zoneSeconds(zone: string): number {
  if (zone === 'Z' || zone === 'z' || zone === 'UTC') return 0;
  const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60;
  return zone.startsWith('-') ? -seconds : seconds;
}

function checked(us: number, ns: number): Instant | null {
  return us > 0 && us < usMax ? { us, ns } : null;
}

/** RFC 3339 in UTC with as many digits as the instant needs; `parseTimestamp` gives the same back. */
export function formatInstant({ us, ns }: Instant): string {
  const base = new Date(Math.floor(us / 1e6) * 1000).toISOString().slice(0, 19);
  const nanos = String(us % 1_000_000).padStart(6, '0') + String(ns).padStart(3, '0');
  const fraction = nanos.replace(/(000){1,3}$/, '');
  return fraction === '' ? `${base}Z` : `${base}.${fraction}Z`;
}
