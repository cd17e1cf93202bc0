/** Scenario seconds per wall second, or as fast as the machine can. */
export type Speed = number | 'max';

export const speedMin = 0.25;
export const speedMax = 1000;

/** @throws RangeError outside of 0.25 … 1000 */
export function checkSpeed(speed: Speed): Speed {
  if (speed === 'max' || (speed >= speedMin && speed <= speedMax)) return speed;
  throw new RangeError(`speed ${speed} is outside of ${speedMin} … ${speedMax}`);
}
