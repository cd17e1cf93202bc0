/**
 * Durations, rates, shares and instants as people write them in a scenario, each with its unit.
 * A parser answers with the value or with what to write instead; it never guesses.
 */
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';

/** What the schema's `x-unit` annotation may name. An interval is a duration or `none`. */
export type UnitKind = 'duration' | 'interval' | 'rate' | 'share' | 'instant';

export type Parsed = { readonly value: number } | { readonly problem: string };

const microsOf = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6 } as const;
const secondsOf = { s: 1, m: 60, h: 3600 } as const;

const durationPattern = '([0-9]{1,12}(\\.[0-9]{1,6})?(d|h|ms|us|m|s)){1,6}';

/** The grammars, for the JSON Schema: what an editor can check while one types. */
export const unitPatterns: Readonly<Record<UnitKind, string>> = {
  duration: `^${durationPattern}$`,
  interval: `^(none|${durationPattern})$`,
  rate: '^[0-9]{1,9}(\\.[0-9]{1,9})?/(s|m|h)$',
  share: '^[0-9]{1,3}(\\.[0-9]{1,9})?%$',
  instant:
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$',
};

export const unitExamples: Readonly<Record<UnitKind, string>> = {
  duration: '250ms, 30s, 5m or 1h30m',
  interval: '10s or none',
  rate: '30/s or 1800/m',
  share: '0.4% or 99.5%',
  instant: '2026-03-02T09:00:00Z',
};

const parsers: Readonly<Record<UnitKind, (text: string) => Parsed>> = {
  duration: parseDuration,
  interval: (text) => (text === 'none' ? { value: Infinity } : parseDuration(text)),
  rate: parseRate,
  share: parseShare,
  instant: parseInstant,
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
