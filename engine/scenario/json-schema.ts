/** The format as JSON Schema: as ajv compiles it, and as editors read it. */
import { recordedFile, simulatedFile } from './schema.ts';
import { sharedSchema } from './shared-schema.ts';

type Schema = Readonly<Record<string, unknown>>;

const about = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://incident-workbench.dev/schemas/workbench-v1.json',
  title: 'Incident workbench scenario, workbench/v1',
  description: 'An outage to simulate or to replay. Check a file with: workbench validate <file>',
  type: 'object',
};

/** Both kinds, told apart by `kind`. */
const whole = { discriminator: { propertyName: 'kind' }, oneOf: [simulatedFile, recordedFile] };

/** What a scenario is judged by, once everything that it extends is in it. */
export function wholeJsonSchema(): Schema {
  return sharedSchema({ ...about, ...whole });
}

/**
 * What editors read beside the scenarios. A base, and a scenario that extends one, may leave out
 * what the other has: of them only what stands there is judged.
 */
export function scenarioJsonSchema(): Schema {
  const kindIsBase = { properties: { kind: { const: 'base' } }, required: ['kind'] };
  return sharedSchema({
    ...about,
    if: { anyOf: [{ properties: { extends: {} }, required: ['extends'] }, kindIsBase] },
    then: partialFile(),
    else: whole,
  });
}

function partialFile(): Schema {
  // A file is no item of a list: nothing tells it apart.
  const file = { ...simulatedFile, required: [] };
  const { properties, ...rest } = partial(file) as { properties: Schema };
  return {
    ...rest,
    properties: {
      ...properties,
      kind: {
        type: 'string',
        enum: ['base', 'simulated'],
        description: 'base for a file that is only extended, simulated for a scenario.',
      },
      extends: {
        type: 'string',
        pattern: '\\.yaml$',
        maxLength: 1024,
        description: 'The file below this one, relative to it: ../base/shop.yaml.',
      },
    },
  };
}

/** Keys that tell items of a list apart stay; all others may be below. */
function partial(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(partial);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { required, discriminator: _, oneOf, if: test, ...rest } = schema as Schema;
  const parts = Object.entries(rest).map(([key, value]) => [key, partial(value)]);
  const result: Record<string, unknown> = Object.fromEntries(parts);
  const identity = ((required ?? []) as readonly string[]).filter(
    (key) => key === 'name' || key === 'id',
  );
  if (test !== undefined) result['if'] = test;
  if (oneOf !== undefined) result['anyOf'] = partial(oneOf);
  if (identity.length === 0 || result['type'] !== 'object') return result;
  const remove = { const: true, description: 'Takes it out of what is extended.' };
  return {
    ...result,
    required: identity,
    properties: { ...(result['properties'] as Schema), remove },
  };
}
