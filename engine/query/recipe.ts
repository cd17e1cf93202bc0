/**
 * What a run was made of, to make it again: for a fork, which is an instructor's, since the text of a
 * scenario tells how it ends. A run file is data of strangers, so all of this is checked by its reader.
 */
import { WorkbenchError } from '../errors.ts';
import type { Micros } from '../sdk/index.ts';
import { inputsOf, type RunInput } from './inputs.ts';
import { jsonObject } from './json-column.ts';
import { reachOf } from './reach.ts';
import type { RunReader } from './reader.ts';
import type { RunState } from './types.ts';

export interface RunRecipe {
  readonly runId: string;
  readonly kind: 'simulated' | 'recorded';
  readonly engineVersion: string;
  readonly seed: number;
  /** How far it is known: nobody can branch off later. */
  readonly throughUs: Micros;
  readonly state: RunState;
  readonly scenario: {
    /** Where it lay; for messages. */
    readonly path: string;
    readonly source: string;
  };
  readonly inputs: readonly RunInput[];
  readonly detectors: readonly RecipeDetector[];
  /** Another run says the same of the same records: no detector was ended by the wall clock. */
  readonly reproducible: boolean;
}

export interface RecipeDetector {
  readonly name: string;
  readonly config: Readonly<Record<string, number | string | boolean>>;
  /** `built-in`, or the file that it came from. */
  readonly origin: string;
}

/** @throws WorkbenchError RUN_FILE_DAMAGED */
export function recipeOf(run: RunReader): RunRecipe {
  return run.snapshot(() => {
    const row = run.run();
    const { untilUs, state } = reachOf(run);
    const scenario = run.row<RunRecipe['scenario']>('SELECT path, source FROM scenario LIMIT 1');
    if (!scenario) {
      const reason = 'it has no scenario';
      throw new WorkbenchError('RUN_FILE_DAMAGED', { file: run.file, reason });
    }
    return {
      runId: row.id,
      kind: row.scenario_kind,
      engineVersion: row.engine_version,
      seed: row.seed,
      throughUs: untilUs,
      state,
      scenario,
      inputs: inputsOf(run),
      detectors: detectorsOf(run),
      reproducible: row.digest !== null || !(row.state === 'degraded' || anyFailed(run)),
    };
  });
}

/** More than a command line names. */
const detectorsMax = 200;

function detectorsOf(run: RunReader): RecipeDetector[] {
  return run
    .tuples<[name: string, config: string, origin: string]>(
      `SELECT name, config, origin FROM detector ORDER BY id LIMIT ${detectorsMax}`,
    )
    .map(([name, config, origin]) => ({ name, config: valuesOf(config), origin }));
}

/** Whatever is no value of an option is left for the detector's schema to miss. */
function valuesOf(config: string): RecipeDetector['config'] {
  return Object.fromEntries(
    Object.entries(jsonObject(config)).filter(
      (entry): entry is [string, number | string | boolean] =>
        ['number', 'string', 'boolean'].includes(typeof entry[1]),
    ),
  );
}

function anyFailed(run: RunReader): boolean {
  return run.row("SELECT 1 FROM detector WHERE state = 'failed' LIMIT 1") !== undefined;
}
