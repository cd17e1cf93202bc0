/** The door of the log templates. */
export {
  createMiner,
  mine,
  overflowTemplate,
  parametersOf,
  resolve,
  snapshot,
  templateOf,
  templatesOf,
} from './miner.ts';
export type { Miner, MinerBounds, MinerOptions, MinerState, TemplateView } from './miner.ts';
export { parametersOfText } from './parameters.ts';
export { createLearner, stepsWithin, TemplateBook } from './steps.ts';
export type { Lesson, TemplateLearner, TemplateStep } from './steps.ts';
export { defaultTuning } from './tuning.ts';
export type { Tuning } from './tuning.ts';
export { averageOf, evaluateLoghub } from './evaluation/evaluate.ts';
export type { AverageScore, SystemScore } from './evaluation/evaluate.ts';
export type { Grouping } from './evaluation/grouping.ts';
