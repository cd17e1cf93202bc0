/** What the server needs to know of run files. `engine/query` answers; `query-library.ts` connects. */
import type { IncidentView } from '../../engine/incident/model.ts';
import type { HumanStep } from '../../engine/query/index.ts';
import type { RunState, RunSummary } from '../../engine/query/types.ts';
import type { Speed } from '../../engine/replay/speed.ts';

export interface RunLibrary {
  readonly questions: readonly QuestionSchema[];
  /** All runs, newest first. */
  list(): readonly RunSummary[];
  /** @throws WorkbenchError for what is wrong with the run file or the question */
  ask(run: string, question: string, parameters: Parameters): unknown;
  /** Appends a person's act and tells the incident as it is then. @throws WorkbenchError ILLEGAL_TRANSITION, … */
  act(run: string, step: HumanStep): IncidentView;
  /** How far the file is, whoever writes it. */
  progress(run: string): Progress;
  close(): void;
}

/** A question's name and the JSON schema of its parameters, an object. */
export interface QuestionSchema {
  readonly name: string;
  readonly parameters: object;
}

export type Parameters = Readonly<Record<string, unknown>>;

export interface Progress {
  readonly state: RunState;
  readonly throughUs: number;
  readonly durationUs: number;
  readonly askedSpeed: Speed;
}
