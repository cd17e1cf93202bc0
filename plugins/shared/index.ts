/** The door of what several bundled detectors of series share: statistics over plain state. */
export { dayProfile, expectedNow, observeNow, type DayProfile } from './day-profile.ts';
export { boundedValue, running, spreadOf, take, type Running } from './running.ts';
export { medianOf } from './median.ts';
export {
  judge,
  residuals,
  scoreOfDeviations,
  type ResidualRules,
  type Residuals,
} from './residual.ts';
