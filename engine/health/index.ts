/** Health of services: from the stream to windows, states and uptime. */
export { HealthSampler, type RawWindow } from './sampler.ts';
export { rateSeriesOf } from './rate-series.ts';
export { FigureReader, type ServiceSample } from './figures.ts';
export {
  callersOf,
  initialHealth,
  stepHealth,
  type HealthProblem,
  type ServiceState,
} from './state.ts';
export { stretchesOf, uptimeOf, type Stretch, type Uptime } from './uptime.ts';
export { windowText } from './window-text.ts';
export { healthPolicy } from './policy.ts';
export type { HealthEvent, HealthFigures, HealthState, HealthWindow } from './model.ts';
