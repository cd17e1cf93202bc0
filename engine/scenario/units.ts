/**
 * Durations, rates, shares and instants as people write them in a scenario, each with its unit.
 * A parser answers with the value or with what to write instead; it never guesses.
 */
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';

/** What the schema's `x-unit` annotation may name. An interval is a duration or `none`. */
export type UnitKind =
  | 'duration'
  | 'signed-duration'
  | 'interval'
  | 'rate'
  | 'share'
  | 'instant'
  | 'bytes'
  | 'bytes-rate';

export type Parsed = { readonly value: number } | { readonly problem: string };

const microsOf = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6 } as const;
const secondsOf = { s: 1, m: 60, h: 3600 } as const;
const bytesOf = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

const durationPattern = '([0-9]{1,12}(\\.[0-9]{1,6})?(d|h|ms|us|m|s)){1,6}';
const bytesPattern = '[0-9]{1,16}(\\.[0-9]{1,6})?(B|KiB|MiB|GiB|TiB)';

/** The grammars, for the JSON Schema: what an editor can check while one types. */
export const unitPatterns: Readonly<Record<UnitKind, string>> = {
  duration: `^${durationPattern}$`,
  'signed-duration': `^-?${durationPattern}$`,
  interval: `^(none|${durationPattern})$`,
  rate: '^[0-9]{1,9}(\\.[0-9]{1,9})?/(s|m|h)$',
  share: '^[0-9]{1,3}(\\.[0-9]{1,9})?%$',
  instant:
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$',
  bytes: `^${bytesPattern}$`,
  'bytes-rate': `^${bytesPattern}/(s|m|h)$`,
};

export const unitExamples: Readonly<Record<UnitKind, string>> = {
  duration: '250ms, 30s, 5m or 1h30m',
  'signed-duration': '20ms or -40s',
  interval: '10s or none',
  rate: '30/s or 1800/m',
  share: '0.4% or 99.5%',
  instant: '2026-03-02T09:00:00Z',
  bytes: '100B, 64KiB, 512MiB or 2GiB',
  'bytes-rate': '2MiB/s',
};

const parsers: Readonly<Record<UnitKind, (text: string) => Parsed>> = {
  duration: parseDuration,
  'signed-duration': parseSignedDuration,
  interval: (text) => (text === 'none' ? { value: Infinity } : parseDuration(text)),
  rate: parseRate,
  share: parseShare,
  instant: parseInstant,
  bytes: parseBytes,
  'bytes-rate': parseBytesRate,
};

/** Longer text is no value with a unit, and would make a message nobody reads. */
const charactersMax = 40;
const bareNumber = /^[0-9]+(\.[0-9]+)?$/;
const grammar = Object.fromEntries(
  Object.entries(unitPatterns).map(([kind, pattern]) => [kind, new RegExp(pattern)]),
) as Readonly<Record<UnitKind, RegExp>>;

export function parseUnit(kind: UnitKind, text: string): Parsed {
  if (text.length > charactersMax) {
    return {
      problem: `"${text.slice(0, charactersMax)}…" is too long; write ${unitExamples[kind]}`,
    };
  }
  const squeezed = text.replace(/\s+/g, '');
  if (squeezed !== text && 'value' in parsers[kind](squeezed)) {
    return { problem: `"${text}" has a space in it; write ${squeezed}` };
  }
  return parsers[kind](text);
}

/** `250ms`, `1.5s`, `1h30m` → µs, rounded to whole ones. Units fall from left to right, each at most once. */
function parseDuration(text: string): Parsed {
  if (!grammar.duration.test(text)) return { problem: durationProblem(text) };
  let total = 0;
  let last = Infinity;
  for (const [, amount = '', unit = ''] of text.matchAll(/([0-9.]+)(us|ms|s|m|h|d)/g)) {
    const factor = microsOf[unit as keyof typeof microsOf];
    if (factor >= last) {
      return { problem: `"${text}" names its units out of order; write ${unitExamples.duration}` };
    }
    last = factor;
    total += Number(amount) * factor;
  }
  const value = Math.round(total);
  if (value > limits.scenarioDurationUsMax) {
    return { problem: `"${text}" is longer than ${formatMicros(limits.scenarioDurationUsMax)}` };
  }
  return { value };
}

/** `-40s` → µs below zero. */
function parseSignedDuration(text: string): Parsed {
  if (!text.startsWith('-')) return parseDuration(text);
  const parsed = parseDuration(text.slice(1));
  // Adding zero makes zero of -0, which JSON and SQL do not keep.
  return 'value' in parsed ? { value: -parsed.value + 0 } : parsed;
}

/** `30/s`, `1800/m` → per second. */
function parseRate(text: string): Parsed {
  if (!grammar.rate.test(text)) {
    return {
      problem: bareNumber.test(text)
        ? `"${text}" needs a unit: write ${text}/s or ${text}/m`
        : `"${text}" is no rate; write ${unitExamples.rate}`,
    };
  }
  const [amount = '', unit = 's'] = text.split('/');
  const value = Number(amount) / secondsOf[unit as keyof typeof secondsOf];
  if (value > limits.scenarioRateMax) {
    return { problem: `"${text}" is more than ${limits.scenarioRateMax}/s` };
  }
  return { value };
}

/** `0.4%` → 0.004. */
function parseShare(text: string): Parsed {
  if (!grammar.share.test(text)) {
    return {
      problem: bareNumber.test(text)
        ? `"${text}" needs a unit: write ${text}%`
        : `"${text}" is no percentage; write ${unitExamples.share}`,
    };
  }
  // Not `/ 100`, which would make 0.7% something else than the literal 0.007.
  const value = Number(`${text.slice(0, -1)}e-2`);
  return value > 1 ? { problem: `"${text}" is more than 100%` } : { value };
}

/** `512MiB` → bytes, rounded to whole ones. Powers of two only: MB means two things. */
function parseBytes(text: string): Parsed {
  const [, amount = '', unit = ''] = /^([0-9.]+)([A-Za-z]+)$/.exec(text) ?? [];
  if (!grammar.bytes.test(text)) {
    if (bareNumber.test(text)) {
      return { problem: `"${text}" needs a unit: write ${text}B, ${text}KiB or ${text}MiB` };
    }
    const meant = Object.keys(bytesOf).find(
      (known) => known[0] === unit[0]?.toUpperCase() && /^(b|[kmgt]i?b?)$/i.test(unit),
    );
    const right = `${amount}${meant ?? ''}`;
    const instead = meant && grammar.bytes.test(right) ? right : unitExamples.bytes;
    return { problem: `"${text}" is no size; write ${instead}` };
  }
  const value = Math.round(Number(amount) * bytesOf[unit as keyof typeof bytesOf]);
  return value > limits.scenarioBytesValueMax ? { problem: `"${text}" is too much` } : { value };
}

/** `2MiB/s` → bytes per second. */
function parseBytesRate(text: string): Parsed {
  const [size = '', unit = ''] = text.split('/');
  if (!grammar['bytes-rate'].test(text)) {
    return { problem: `"${text}" is no rate of bytes; write ${unitExamples['bytes-rate']}` };
  }
  const parsed = parseBytes(size);
  if (!('value' in parsed)) return parsed;
  return { value: parsed.value / secondsOf[unit as keyof typeof secondsOf] };
}

/** RFC 3339 with a zone and a day that exists → µs since the Unix epoch. */
function parseInstant(text: string): Parsed {
  if (!grammar.instant.test(text)) {
    const zoneMissing = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text);
    return {
      problem: zoneMissing
        ? `"${text}" needs a zone: write ${unitExamples.instant}`
        : `"${text}" is no date and time; write ${unitExamples.instant}`,
    };
  }
  const part = (from: number, to: number) => Number(text.slice(from, to));
  const [year, month, day] = [part(0, 4), part(5, 7), part(8, 10)];
  const [hour, minute, second] = [part(11, 13), part(14, 16), part(17, 19)];
  const utc = Date.UTC(year, month - 1, day);
  const calendar = new Date(utc);
  // Date rolls 30 February over to March; the fields must come back as they went in.
  const exists = calendar.getUTCMonth() === month - 1 && calendar.getUTCDate() === day;
  if (!exists || year < 1970) return { problem: `"${text}" names a day that does not exist` };
  if (hour > 23 || minute > 59 || second > 59) {
    return { problem: `"${text}" names a time that does not exist` };
  }
  const zone = /([+-])(\d{2}):(\d{2})$/.exec(text);
  const [zoneHours, zoneMinutes] = [Number(zone?.[2] ?? 0), Number(zone?.[3] ?? 0)];
  if (zoneHours > 23 || zoneMinutes > 59) {
    return { problem: `"${text}" names a zone that does not exist` };
  }
  const offset = (zone?.[1] === '-' ? -1 : 1) * (zoneHours * 60 + zoneMinutes);
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6));
  const seconds = utc / 1000 + hour * 3600 + minute * 60 + second - offset * 60;
  return { value: seconds * 1e6 + micros };
}

/** The shortest text that `parseDuration` reads back as the same µs: `1h30m`, `250ms`. */
export function formatMicros(us: Micros): string {
  if (us === 0) return '0s';
  let rest = us;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms', 'us'] as const) {
    const count = Math.floor(rest / microsOf[unit]);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * microsOf[unit];
  }
  return text;
}

/** The shortest text that `parseShare` reads back as the same share: `0.4%`. */
export function formatShare(share: number): string {
  for (let digits = 0; digits <= 9; digits++) {
    const text = (share * 100).toFixed(digits);
    if (Number(`${text}e-2`) === share) return `${text}%`;
  }
  return `${(share * 100).toFixed(9)}%`;
}

/** Long and foreign spellings, so that `5mins` is answered with `5m`. */
const unitNames: Readonly<Record<string, readonly string[]>> = {
  us: ['µs', 'μs', 'micros', 'microseconds'],
  ms: ['msec', 'msecs', 'millis', 'milliseconds'],
  s: ['sec', 'secs', 'second', 'seconds'],
  m: ['min', 'mins', 'minute', 'minutes'],
  h: ['hr', 'hrs', 'hour', 'hours'],
  d: ['day', 'days'],
};

function durationProblem(text: string): string {
  if (text.startsWith('-')) return `"${text}" is negative; durations count from zero`;
  if (bareNumber.test(text)) {
    return `"${text}" needs a unit: write ${text}ms, ${text}s or ${text}m`;
  }
  const clock = /^(\d{1,3}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (clock) {
    const [a, b, c] = clock.slice(1).map((digits) => Number(digits ?? NaN));
    return Number.isNaN(c)
      ? `"${text}" is no duration; write ${a}m${b}s or ${a}h${b}m`
      : `"${text}" is no duration; write ${a}h${b}m${c}s`;
  }
  const long = /^([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*([a-zµμ]{1,12})$/i.exec(text);
  const name = long?.[2]?.toLowerCase() ?? '';
  const unit = Object.entries(unitNames).find(([, names]) => names.includes(name))?.[0];
  if (long && unit) return `"${text}" is no duration; write ${long[1]}${unit}`;
  return `"${text}" is no duration; write ${unitExamples.duration}`;
}
