/** The only door to a run file for the page and the command line: questions, and their answers. */
import { Type } from 'typebox';
import { histogram } from './histogram.ts';
import { incident } from './incident.ts';
import { insightsAt } from './insights.ts';
import { log } from './log.ts';
import { logs } from './logs.ts';
import { markers } from './markers.ts';
import { neighbour } from './neighbour.ts';
import { overview } from './overview.ts';
import { playheadParameter, question } from './question.ts';
import { samples } from './samples.ts';
import { services } from './services.ts';
import { state } from './state.ts';
import { templates } from './templates.ts';
import { traffic } from './traffic.ts';
import type { Insights } from './types.ts';

export { lostBudgets, type LostBudget } from './lost-budget.ts';
export { diffRuns } from './diff.ts';
export { partingOf } from './diff-parting.ts';
export { inputsOf, type RunInput } from './inputs.ts';
export { recipeOf, type RecipeDetector, type RunRecipe } from './recipe.ts';
export { progressOf } from './overview.ts';
export { openRun, type KeptTotals, type OpenOptions, type RunReader } from './reader.ts';
export { listRuns, type ListedRun, type RunList } from './run-list.ts';
export {
  exportColumns,
  exportRows,
  exportTableNames,
  isTruthTable,
  jsonColumns,
  onOneView,
  type ExportRow,
  type ExportTableName,
  type ExportValue,
} from './export.ts';
export { writerWhereabouts, type Whereabouts, type WriterProcess } from '../writer-process.ts';
export { appendHumanEvent, type HumanStep } from '../store/human-events.ts';
export type { Question } from './question.ts';

/** Insight cards of the run, or of one incident, from what had happened by `t`. */
const insights = question(
  Type.Object(
    {
      t: playheadParameter,
      incident: Type.Optional(
        Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Incident.' }),
      ),
    },
    { additionalProperties: false },
  ),
  (run, asked): Insights => {
    const t = run.playhead(asked.t);
    const about = asked.incident === undefined ? { t } : { t, incident: asked.incident };
    return { cards: insightsAt(run.db, about), t };
  },
);

/** Every question by its name, which is its path in the API. */
export const questions = {
  overview,
  state,
  logs,
  log,
  histogram,
  markers,
  neighbour,
  samples,
  services,
  incident,
  insights,
  templates,
  traffic,
} as const;
export type QuestionName = keyof typeof questions;
