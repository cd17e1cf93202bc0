/**
 * How people see figures: three significant digits, the unit beside, `–` where nothing was measured.
 * Units and shares are written as in the engine's sentences (`engine/wording.ts`), which stand beside.
 */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

export const notMeasured = '–';

export function formatCount(value: number): string {
  return whole.format(value);
}

/** Per second; a rate below one in ten seconds per minute, which people can imagine. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return notMeasured;
  if (perSecond >= 0.095) return `${significant(perSecond)}/s`;
  const perMinute = perSecond * 60;
  return perMinute < 0.05 ? '0/s' : `${significant(perMinute)}/min`;
}

/** A share 0–1 as per cent: `100 %` must mean all of it, and `0 %` none. */
export function formatShare(share: number | null): string {
  if (share === null) return notMeasured;
  const percent = share * 100;
  if (percent > 0 && percent < 0.005) return '<0.01 %';
  if (percent >= 99.95 && percent < 100) return '99.9 %';
  return `${Number(percent.toFixed(percent < 0.095 ? 2 : 1))} %`;
}

/** Seconds as s or ms. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return notMeasured;
  return seconds >= 0.9995 ? `${significant(seconds)} s` : `${significant(seconds * 1000)} ms`;
}

export function formatBytes(bytes: number): string {
  let size = bytes;
  let step = 0;
  for (; Math.abs(size) >= 999.5 && step < byteUnits.length - 1; step++) size /= 1000;
  return `${significant(size)} ${byteUnits[step]}`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `10×`, `0.25×`, `max`. */
export function formatSpeed(speed: number | 'max'): string {
  if (speed === 'max') return 'max';
  return `${speed >= 100 ? whole.format(speed) : precise.format(speed)}×`;
}

/** A value in its UCUM unit. */
export function formatValue(value: number | null, unit: string): string {
  if (value === null) return notMeasured;
  switch (unit) {
    case 's':
      return formatSeconds(value);
    case 'ms':
      return formatSeconds(value / 1000);
    case 'By':
      return formatBytes(value);
    case 'By/s':
      return `${formatBytes(value)}/s`;
    case '1':
    case '':
      return significant(value);
    default:
      return unit.endsWith('/s')
        ? formatRate(value)
        : `${significant(value)} ${plainUnit(unit, value)}`;
  }
}

/** `{connection}` → `connection`, or of several `connections`; other units are symbols and stay. */
function plainUnit(unit: string, value: number): string {
  const thing = /^\{(\w+)\}$/.exec(unit)?.[1];
  return thing === undefined ? unit.replace(/[{}]/g, '') : value === 1 ? thing : `${thing}s`;
}

function significant(value: number): string {
  return Math.abs(value) >= 1000 ? whole.format(value) : precise.format(value);
}
