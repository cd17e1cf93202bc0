/** A recorded scenario in the making: what an importer finds out before anything is written. */
import type { InsightCategory } from '../../insight/model.ts';
import type { RecordedScenario, SourceFormat } from '../../scenario/model.ts';

export interface Draft {
  readonly name: string;
  readonly title: string;
  /** What a trainee may read; gives nothing of the truth away. */
  readonly description: string;
  /** Where the recording is from and what was done to it, one line each. */
  readonly notes: readonly string[];
  readonly sources: readonly DraftSource[];
  readonly services: RecordedScenario['services'];
  readonly dependencies: RecordedScenario['dependencies'];
  readonly truth: DraftTruth | null;
}

export interface DraftSource {
  readonly format: SourceFormat;
  /** Absolute. */
  readonly path: string;
  /** As they will stand in the file. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface DraftTruth {
  /** Null where nothing is wrong. */
  readonly service: string | null;
  /** In a few words. */
  readonly fault: string;
  readonly category: InsightCategory;
  readonly alsoAccepted: readonly InsightCategory[];
  /** µs since the Unix epoch. */
  readonly windows: readonly { readonly from: number; readonly to: number }[];
}

/** The draft as the engine will read it back, so that what is prepared now is what the run finds. */
export function asScenario(draft: Draft): RecordedScenario {
  return {
    apiVersion: 'workbench/v1',
    kind: 'recorded',
    name: draft.name,
    title: draft.title,
    description: draft.description,
    tags: [],
    difficulty: null,
    seed: 1,
    detectors: 'default',
    objectives: [],
    truth: {
      rootCause: null,
      category: null,
      alsoAccepted: [],
      alsoAcceptedServices: [],
      windows: [],
      trigger: '',
      contributing: [],
      latent: '',
      propagation: [],
      clues: [],
      redHerrings: [],
      helpful: [],
      harmful: [],
    },
    file: '',
    source: '',
    hash: '',
    startUnixUs: null,
    durationUs: null,
    services: draft.services,
    dependencies: draft.dependencies,
    sources: draft.sources,
  };
}
