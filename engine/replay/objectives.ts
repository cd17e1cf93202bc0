/** The scenario's objectives as a header carries them. */
import type { Objective } from '../scenario/model.ts';
import type { ObjectiveInfo, ServiceInfo } from './source.ts';

/** An objective of a service that no record names is left out: nothing could measure it. */
export function objectivesOf(
  objectives: readonly Objective[],
  services: readonly ServiceInfo[],
): readonly ObjectiveInfo[] {
  return objectives.flatMap(({ service: name, latencyUs, ...same }) => {
    const service = services.findIndex((one) => one.name === name);
    // A header is stored as JSON, which knows no Infinity.
    const bound = latencyUs === Infinity ? null : latencyUs;
    return service < 0 ? [] : [{ ...same, service, latencyUs: bound }];
  });
}
