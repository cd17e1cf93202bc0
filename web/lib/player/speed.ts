/** Scenario seconds per wall second. `max` is as fast as the machine can. */
export type Speed = number | 'max';

export const speeds: readonly Speed[] = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 100, 300, 1000, 'max'];

export function isSpeed(value: unknown): value is Speed {
  return value === 'max' || (typeof value === 'number' && value >= 0.25 && value <= 1000);
}

/** The next speed of the menu, up or down; the same at its ends. */
export function neighbourSpeed(speed: Speed, direction: 1 | -1): Speed {
  const value = speed === 'max' ? Infinity : speed;
  const numeric = (candidate: Speed) => (candidate === 'max' ? Infinity : candidate);
  const further =
    direction > 0
      ? speeds.find((candidate) => numeric(candidate) > value)
      : speeds.findLast((candidate) => numeric(candidate) < value);
  return further ?? speed;
}
