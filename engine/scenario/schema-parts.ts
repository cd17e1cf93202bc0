/** The pieces that scenario files are made of, in JSON Schema by TypeBox; `schema.ts` puts them together. */
import Type from 'typebox';
import type { Static, TObject, TSchema } from 'typebox';
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
export const bytes = (description: string) => unit('bytes', description);
export const yesNo = (description: string) => Type.Boolean({ description });

/** How many times as much. */
export const factor = (description: string, range: { minimum: number; maximum: number }) =>
  Type.Number({ ...range, description });

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

/**
 * One of several objects, the usual one of which does not name itself: conditions, because `oneOf`
 * with a discriminator wants the telling key in all of them. In the usual one the key stands with
 * all its values and `x-tag`: its problems are judged by that branch.
 */
export function chosenBy<U extends TObject, const B extends Readonly<Record<string, TObject>>>(
  tag: string,
  usual: U,
  others: B,
  description: string,
) {
  const choice = Object.entries(others).reduceRight<object>(
    (rest, [value, branch]) => ({
      if: { properties: { [tag]: { const: value } }, required: [tag] },
      then: branch,
      else: rest,
    }),
    usual,
  );
  return Type.Unsafe<Static<U> | Static<B[keyof B]>>({ type: 'object', description, ...choice });
}

/** One object, or a list of them, in one schema: one message for each mistake. */
export const oneOrMany = <T extends TObject>(item: T, description: string) =>
  Type.Unsafe<Static<T> | Static<T>[]>({
    ...item,
    type: ['object', 'array'],
    items: item,
    minItems: 1,
    maxItems: limits.checksPerClueMax,
    description,
  });

/** A map whose keys are names of the scenario. */
export const mapOf = <T extends TSchema>(value: T, description: string) =>
  Type.Unsafe<Record<string, Static<T>>>({
    type: 'object',
    description,
    maxProperties: limits.scenarioItemsMax,
    propertyNames: { maxLength: limits.scenarioNameCharsMax },
    additionalProperties: value,
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

export const serviceTime = chosenBy(
  'distribution',
  lognormal,
  { exponential, constant },
  'Own work of a request, without its calls: { p50, p99 } (lognormal), { distribution: exponential, mean } or { distribution: constant, value }.',
);

export type ServiceTimeFile = Static<typeof serviceTime>;
