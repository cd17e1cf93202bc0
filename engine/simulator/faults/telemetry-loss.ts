/** The service works, but not all of what it tells arrives: absence of news is not health. */
import type { FaultModule } from './fault.ts';
import { either } from './targets.ts';

export const telemetryLoss: FaultModule<'telemetry-loss'> = {
  shape({ world }, fault) {
    const { logsLost, metricsLost, spansLost } = world.services;
    const lost = { logs: logsLost, metrics: metricsLost, spans: spansLost }[fault.stream];
    lost[fault.service] = either(lost[fault.service] as number, fault.share);
  },
};
