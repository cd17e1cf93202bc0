/** How people see figures: three significant digits, the unit beside, `–` where nothing was measured. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

export const notMeasured = '–';

export function formatCount(value: number): string {
  return whole.format(value);
}

/** Per second; a rate below one in ten seconds per minute, which people can imagine. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return notMeasured;
  if (perSecond > 0 && perSecond < 0.1) return `${significant(perSecond * 60)}/min`;
  return `${significant(perSecond)}/s`;
}

/** A share 0–1 as per cent. */
export function formatShare(share: number | null): string {
  if (share === null) return notMeasured;
  const percent = share * 100;
  // "100 %" must mean all of it, and "0 %" none.
  if (percent > 0 && percent < 0.05) return '<0.1%';
  if (percent < 100 && percent >= 99.95) return '99.9%';
  return `${percent === 0 || percent === 100 ? percent : percent.toFixed(1)}%`;
}

/** Seconds as µs, ms or s. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return notMeasured;
  if (seconds >= 1 || seconds === 0) return `${significant(seconds)} s`;
  if (seconds >= 0.001) return `${significant(seconds * 1000)} ms`;
  return `${significant(seconds * 1e6)} µs`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${significant(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${significant(bytes / 1e6)} MB`;
  return `${significant(bytes / 1e9)} GB`;
}

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
    case '%':
      return `${significant(value)}%`;
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
