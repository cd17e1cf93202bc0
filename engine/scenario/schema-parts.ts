/** The pieces that scenario files are made of, in JSON Schema by TypeBox; `schema.ts` puts them together. */
import Type from 'typebox';
import type { Static, TObject } from 'typebox';
import { insightCategories } from '../insight/model.ts';
import { limits } from '../limits.ts';
import { unitExamples, unitPatterns } from './units.ts';
import type { UnitKind } from './units.ts';

/** Unknown keys are errors everywhere. */
export const closed = { additionalProperties: false } as const;

/** No control characters, no space at the ends; anything else that people name things with. */
const namePattern =
  '^[^\\s\\u0000-\\u001f\\u007f-\\u009f]([^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f])?$';

export const name = (description: string) =>
  Type.String({
    minLength: 1,
    maxLength: limits.scenarioNameCharsMax,
    pattern: namePattern,
    description,
  });

/** Words joined by hyphens: files and addresses are named after it. */
export const slugPattern = '^[a-z0-9]+(-[a-z0-9]+)*$';

export const slug = (description: string) =>
  Type.String({
    minLength: 1,
    maxLength: limits.scenarioNameCharsMax,
    pattern: slugPattern,
    description,
  });

export const text = (description: string) =>
  Type.String({ maxLength: limits.scenarioTextCharsMax, description });

export const count = (description: string, range: { minimum: number; maximum: number }) =>
  Type.Integer({ ...range, description });

export const unit = (kind: UnitKind, description: string) =>
  Type.String({
    pattern: unitPatterns[kind],
    'x-unit': kind,
    description: `${description} Written as ${unitExamples[kind]}.`,
  });

export const duration = (description: string) => unit('duration', description);
export const share = (description: string) => unit('share', description);

export const oneOf = <const V extends readonly string[]>(values: V, description: string) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: [...values], description });

/** A list; bounded, because whatever comes from a file is. */
export const list = <T extends Parameters<typeof Type.Array>[0]>(
  item: T,
  description: string,
  bounds: { minItems?: number; maxItems?: number } = {},
) => Type.Array(item, { maxItems: limits.scenarioItemsMax, ...bounds, description });

/**
 * One of several objects, told apart by one key. As `oneOf` with OpenAPI's `discriminator`, so that
 * ajv reports the problems of the branch that was meant and not those of all the others.
 */
export const taggedBy = <const B extends readonly TObject[]>(
  tag: string,
  branches: B,
  description: string,
) =>
  Type.Unsafe<Static<B[number]>>({
    type: 'object',
    discriminator: { propertyName: tag },
    oneOf: [...branches],
    description,
  });

const lognormal = Type.Object(
  {
    // The other names stand here for the message and for the editor; their branches come first.
    distribution: Type.Optional(
      Type.Unsafe<'lognormal'>({
        type: 'string',
        enum: ['lognormal', 'exponential', 'constant'],
        'x-tag': true,
        description: 'lognormal, where left out.',
      }),
    ),
    p50: duration('Half of the requests take at most this long.'),
    p99: duration('99 % of the requests take at most this long.'),
  },
  closed,
);
const exponential = Type.Object(
  {
    distribution: Type.Literal('exponential', {
      description: 'Memoryless, as in queueing theory.',
    }),
    mean: duration('The mean.'),
  },
  closed,
);
const constant = Type.Object(
  {
    distribution: Type.Literal('constant', { description: 'Always the same.' }),
    value: duration('How long each request takes.'),
  },
  closed,
);

/** Conditions instead of `oneOf`, because the usual form names no distribution. */
export const serviceTime = Type.Unsafe<
  Static<typeof lognormal> | Static<typeof exponential> | Static<typeof constant>
>({
  type: 'object',
  description:
    'Own work of a request, without its calls: { p50, p99 } (lognormal), { distribution: exponential, mean } or { distribution: constant, value }.',
  if: distributionIs('exponential'),
  then: exponential,
  else: { if: distributionIs('constant'), then: constant, else: lognormal },
});

function distributionIs(kind: string) {
  return { properties: { distribution: { const: kind } }, required: ['distribution'] };
}

const objective = Type.Object(
  {
    service: name('The service that the objective is about.'),
    name: text('What people call the objective.'),
    target: share('Share of requests that must succeed.'),
    window: duration('The window that the share is taken over.'),
  },
  closed,
);

const category = oneOf(insightCategories, 'What kind of trouble it is.');

const window = Type.Object(
  {
    from: duration('When users began to suffer, counted from the start.'),
    to: duration('When it was over, counted from the start.'),
  },
  closed,
);

export const truth = Type.Object(
  {
    root_cause: Type.Optional(
      Type.Object(
        {
          service: name('The service in which it began.'),
          fault: Type.Optional(
            name('The id of the fault; in a recording, what is known of it in a few words.'),
          ),
        },
        { ...closed, description: 'What began it all.' },
      ),
    ),
    category: Type.Optional(category),
    also_accepted: Type.Optional(
      list(category, 'Other answers that count as right.', { maxItems: insightCategories.length }),
    ),
    windows: Type.Optional(
      list(window, 'Recordings: when the outage was. In a simulation the engine knows.'),
    ),
  },
  { ...closed, description: 'Ground truth: only the scorer and the instructor see it.' },
);

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

export type ObjectiveFile = Static<typeof objective>;
export type TruthFile = Static<typeof truth>;
export type DetectorsFile = Static<typeof detectors>;
export type ServiceTimeFile = Static<typeof serviceTime>;
