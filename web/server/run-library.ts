/** What the server needs to know of run files and results. `query-library.ts` answers, in processes of its own. */
import type { HumanStep } from '../../engine/query/index.ts';
import type { CellAsked, DifferenceAsked } from './bench-files.ts';

export interface RunLibrary {
  readonly questions: readonly QuestionSchema[];
  /**
   * The answer as JSON text.
   * @param signal nobody waits for the answer any more: a call that has not begun is dropped
   * @throws WorkbenchError for what is wrong with the run file or the question
   * @throws Refused where there is no room for the call, or no answer in time
   */
  call(call: LibraryCall, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** `hosted` names the runs that this process hosts: run files do not know. */
export type LibraryCall =
  /** All runs, newest first: `RunSummary[]`. */
  | { readonly type: 'list'; readonly hosted: readonly string[] }
  | {
      readonly type: 'ask';
      readonly run: string;
      readonly question: string;
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly hosted: readonly string[];
    }
  /** Appends a person's act; tells the incident as it is then, an `IncidentView`. */
  | { readonly type: 'act'; readonly run: string; readonly step: HumanStep }
  /** How far the file is, whoever writes it: `RunProgress`. */
  | { readonly type: 'progress'; readonly run: string }
  | BenchCall;

export type BenchCall =
  /** All results of benchmarks: `BoardList`. */
  | { readonly type: 'boards' }
  /** `BoardAnswer`. */
  | { readonly type: 'board'; readonly board: string }
  /** `CellAnswer`. */
  | { readonly type: 'board-cell'; readonly asked: CellAsked }
  /** `BoardDifference`. */
  | { readonly type: 'board-difference'; readonly asked: DifferenceAsked }
  /** What to play for a cell: `PlayRecipe`. */
  | { readonly type: 'board-recipe'; readonly asked: CellAsked & { readonly seed: number } };

/** A question's name and the JSON schema of its parameters, an object. */
export interface QuestionSchema {
  readonly name: string;
  readonly parameters: object;
}
