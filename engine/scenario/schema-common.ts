/** What both kinds of scenario begin with, in JSON Schema by TypeBox. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../limits.ts';
import { closed, count, list, slug, slugPattern, text } from './schema-parts.ts';
import { objective, truth } from './schema-truth.ts';

/** `error-burst`, or `{ id: error-burst, config: { … } }`: one type for both, so one message a mistake. */
const detector = Type.Unsafe<
  string | { id: string; config?: Record<string, number | string | boolean> }
>({
  type: ['string', 'object'],
  minLength: 1,
  maxLength: limits.scenarioNameCharsMax,
  pattern: slugPattern,
  required: ['id'],
  properties: {
    id: slug(
      'The id of a bundled detector: workbench detectors lists them. Code comes by --detector only.',
    ),
    config: {
      type: 'object',
      description: 'Options of the detector; what is left out keeps its default.',
      maxProperties: 64,
      propertyNames: { pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,63}$' },
      additionalProperties: {
        type: ['number', 'string', 'boolean'],
        maxLength: limits.scenarioNameCharsMax,
      },
    },
  },
  ...closed,
  description: 'A detector by id, or with options: { id, config }.',
});

const detectors = Type.Unsafe<'default' | Static<typeof detector>[]>({
  type: ['string', 'array'],
  pattern: '^default$',
  items: detector,
  maxItems: 50,
  description: '`default` for those that come with the workbench, or a list.',
  default: 'default',
});

/** What both kinds of scenario begin with. */
export const common = {
  apiVersion: Type.Literal('workbench/v1', { description: 'The version of this format.' }),
  name: slug('Short name, used for files and in lists: checkout-pool-exhaustion.'),
  title: Type.Optional(text('What people read. The name, where it is left out.')),
  description: Type.Optional(text('A briefing that gives nothing away.')),
  tags: Type.Optional(
    list(slug('A word to find it by: database, deploy.'), 'What it is about, for lists.', {
      maxItems: 20,
    }),
  ),
  difficulty: Type.Optional(
    count('From 1, a single clear signal, to 4, several causes.', { minimum: 1, maximum: 4 }),
  ),
  seed: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 1,
      description: 'Seed of all randomness: same seed, same run.',
    }),
  ),
  objectives: Type.Optional(list(objective, 'Service level objectives.')),
  truth: Type.Optional(truth),
  detectors: Type.Optional(detectors),
};

export type DetectorsFile = Static<typeof detectors>;
