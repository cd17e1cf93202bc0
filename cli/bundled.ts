/** The bundled detectors with the pages that tell of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDetectors } from '../engine/detect/index.ts';
import { builtIns, defaultDetectors } from '../plugins/index.ts';
import type { DetectorEntry } from './output/detector-table.ts';

/** @param root the folder of the repository */
export async function loadBundled(root: string): Promise<readonly DetectorEntry[]> {
  const choices = builtIns.map(({ id }) => ({ id, config: {} }));
  const loaded = await loadDetectors(choices, { builtIns, cwd: root });
  return loaded.map(({ id, metadata }) => ({
    metadata,
    page: readFileSync(join(root, 'plugins', id, 'README.md'), 'utf8'),
    isDefault: defaultDetectors.includes(id),
  }));
}
