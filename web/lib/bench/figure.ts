/** How a board's figures are written. A results file is a stranger's: anything that is no number is a dash. */
import type { Column, Figure } from '../../../engine/benchmark/index.ts';
import { formatBytes, formatCount, notMeasured } from '../format/figure.ts';

type Unit = Column['unit'];

export function numberText(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return notMeasured;
  switch (unit) {
    case 'share':
      return value.toFixed(3);
    case 'score':
      return value.toFixed(2);
    case 's':
      return `${value.toFixed(0)} s`;
    case 'ns':
      return `${formatCount(Math.round(value))} ns`;
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return formatCount(value);
    case '/h':
      return `${value.toFixed(2)}/h`;
    default:
      // A unit of a later workbench: the bare figure is still true.
      unit satisfies never;
      return String(value);
  }
}

/** `0.812, 95 % interval 0.790 to 0.845`, as it is read out. */
export function figureWords(figure: Figure | null | undefined, unit: Unit): string {
  if (!figure || !Number.isFinite(figure.value)) return 'not measured';
  const text = numberText(figure.value, unit);
  if (!figure.interval) return text;
  const { low, high } = figure.interval;
  return `${text}, interval ${numberText(low, unit)} to ${numberText(high, unit)}`;
}
