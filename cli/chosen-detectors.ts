/** Detectors that a person chose, loaded once they may run. */
import type { LoadedDetector } from '../engine/detect/index.ts';
import type { Io } from './io.ts';
import { askForTrust, type TrustFlags } from './trust.ts';

/**
 * @throws WorkbenchError DETECTOR_UNTRUSTED, and what `loadDetectors` throws
 */
export async function loadChosen(
  io: Io,
  choices: Parameters<typeof import('../engine/detect/index.ts').loadDetectors>[0],
  trust: TrustFlags,
): Promise<LoadedDetector[]> {
  const { loadDetectors, locateDetector } = await import('../engine/detect/index.ts');
  const { builtIns } = await import('../plugins/index.ts');
  const options = { builtIns, cwd: io.cwd };
  const located = choices.map(({ id }) => locateDetector(id, options));
  const files = located.filter(({ module }) => module.origin === 'file').map(({ file }) => file);
  await askForTrust(io, [...new Set(files)], trust);
  return loadDetectors(choices, options);
}
