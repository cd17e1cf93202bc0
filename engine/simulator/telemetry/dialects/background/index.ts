/**
 * Lines that have nothing to do with requests: housekeeping, and a few complaints that every real
 * system utters for years. They come at a steady rate, so that silence and errors both mean less than
 * they seem to. Some have the wrong level, and now and then one is cut, huge or garbled.
 */
import type { Runtime } from '../../../../scenario/model-services.ts';
import type { BackgroundLine } from './background-line.ts';
import { go, node } from './applications.ts';
import { java, python } from './frameworks.ts';
import { envoy, nginx } from './proxies.ts';
import { kafka, postgres, redis } from './stores.ts';

export type { BackgroundLine } from './background-line.ts';

/** Mean time between two lines of one service, µs. */
export const backgroundMeanUs = 20_000_000;

export const backgroundLines: Readonly<Record<Runtime, readonly BackgroundLine[]>> = {
  node,
  go,
  java,
  python,
  nginx,
  envoy,
  postgres,
  redis,
  kafka,
};
