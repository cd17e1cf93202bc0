/** The scenarios that come with the workbench, read from their folders. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadScenario } from '../engine/scenario/index.ts';
import type { LibraryEntry } from './output/library-table.ts';

/** @throws WorkbenchError SCENARIO_INVALID, and what reading a file throws */
export function loadLibrary(folder: string): LibraryEntry[] {
  return readdirSync(folder).flatMap((id) => {
    const file = join(folder, id, 'scenario.yaml');
    return existsSync(file) ? [{ id, scenario: loadScenario(file) }] : [];
  });
}
