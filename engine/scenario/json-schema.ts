import { recordedFile, simulatedFile } from './schema.ts';

/** The JSON Schema that editors read and ajv compiles: both kinds, told apart by `kind`. */
export function scenarioJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://incident-workbench.dev/schemas/workbench-v1.json',
    title: 'Incident workbench scenario, workbench/v1',
    description: 'An outage to simulate or to replay. Check a file with: workbench validate <file>',
    type: 'object',
    discriminator: { propertyName: 'kind' },
    oneOf: [simulatedFile, recordedFile],
  };
}
