/** What the server needs to know of run files. `engine/query` answers; `query-library.ts` connects. */
import type { HumanAction, IncidentView } from '../../engine/incident/model.ts';
import type { RunState, RunSummary } from '../../engine/query/types.ts';
import type { Speed } from '../../engine/replay/speed.ts';

export interface RunLibrary {
  readonly questions: readonly QuestionSchema[];
  /** All runs, newest first. */
  list(): readonly RunSummary[];
  /** Path of the run's file. @throws WorkbenchError RUN_NOT_FOUND */
  fileOf(run: string): string;
  /** @throws WorkbenchError for what is wrong with the run file or the question */
  ask(run: string, question: string, parameters: Parameters): unknown;
  /** Appends a person's act and tells the incident as it is then. @throws WorkbenchError ILLEGAL_TRANSITION */
  act(run: string, act: HumanAct): IncidentView;
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

export interface HumanAct {
  readonly incident: number;
  readonly action: HumanAction;
  readonly note: string;
  readonly actor: string;
  /** Playhead, µs. */
  readonly t: number;
  readonly wallUnixMs: number;
}

export interface Progress {
  readonly state: RunState;
  readonly throughUs: number;
  readonly durationUs: number;
  readonly askedSpeed: Speed;
}
