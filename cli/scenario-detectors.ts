/** Whether the detectors that a scenario names are bundled, and take the options that it gives them. */
import { WorkbenchError } from '../engine/errors.ts';
import type { Complaint } from '../engine/scenario/index.ts';
import type { DetectorChoice } from '../engine/scenario/model.ts';
import type { Io } from './io.ts';

export type DetectorCheck = (choice: DetectorChoice) => Complaint | null;

/** Knows the bundled detectors; a scenario brings no code, so there are no others. */
export async function detectorCheck(io: Pick<Io, 'cwd'>): Promise<DetectorCheck> {
  const { configure, loadDetectors } = await import('../engine/detect/index.ts');
  const { builtIns } = await import('../plugins/index.ts');
  const choices = builtIns.map(({ id }) => ({ id, config: {} }));
  const known = await loadDetectors(choices, { builtIns, cwd: io.cwd });
  return ({ id, config }) => {
    const detector = known.find((candidate) => candidate.id === id);
    if (!detector) {
      const hint = `known detectors: ${known.map((candidate) => candidate.id).join(', ')}; code of yours comes by --detector`;
      return { kind: 'reference', message: `no bundled detector "${id}"`, hint };
    }
    try {
      configure(detector.metadata, { config });
      return null;
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      const { reason, known: options } = error.details;
      return { kind: 'bad-value', message: `${id}: ${reason}`, hint: `options: ${options}` };
    }
  };
}
