/** Which items of a results file may be played from the page: a file of strangers names paths. */
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { pathKind } from '../../engine/path-kind.ts';

export interface BenchPlaces {
  /** Results files; need not exist. */
  readonly folder: string;
  /** Scenarios below these may be played: the library, and where the server was started. */
  readonly scenarioRoots: readonly string[];
  /** Detectors that come with the workbench, by id. */
  readonly bundled: readonly string[];
}

export interface Played {
  readonly kind: 'outage' | 'series';
  readonly source: string;
  readonly entry: string;
  /** As the results file tells them: `zscore:limit=8, slo-burn`. */
  readonly detectors: string;
}

/** Why it cannot be played from here; null where it can. */
export function refusalToPlay(played: Played, places: BenchPlaces): string | null {
  if (played.kind === 'series') return 'a series is no scenario: what was said of it is drawn here';
  if (/^random #(?!1$)/.test(played.entry)) {
    return 'its dice were thrown with another seed than the scenario has';
  }
  const foreign = detectorTexts(played.detectors).find(
    (text) => !places.bundled.includes(text.split(':')[0] ?? ''),
  );
  if (foreign !== undefined) {
    return `detector ${foreign.split(':')[0]} is not bundled: run the command in a terminal`;
  }
  if (!isBelow(played.source, places.scenarioRoots)) {
    return 'its scenario is neither in the library nor below the folder that the workbench was started in';
  }
  return null;
}

export function detectorTexts(detectors: string): readonly string[] {
  return detectors.split(', ').filter((text) => text !== '');
}

/** Links are followed first: one inside of the folder may lead out of it. */
function isBelow(file: string, roots: readonly string[]): boolean {
  if (pathKind(file).kind !== 'file') return false;
  const real = realpathSync(file);
  return roots.some((root) => {
    if (pathKind(root).kind !== 'folder') return false;
    const folder = realpathSync(root);
    return real.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  });
}
