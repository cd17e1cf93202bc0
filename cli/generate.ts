// Writes what is derived from the sources and kept in the repository: the JSON Schema that editors
// read beside the scenarios. `npm run generate`; a test fails when it has drifted.
import { writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from '../engine/scenario/index.ts';

// dist/cli/generate.js → the repository's root.
const target = new URL('../../scenarios/scenario.schema.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
