// Writes what is derived from the sources and kept in the repository: the JSON Schema that editors
// read beside the scenarios, and the README's table of errors. `npm run generate`; tests fail when
// either has drifted.
import { readFileSync, writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from '../engine/scenario/index.ts';
import { withErrorTable } from './output/error-table.ts';

// dist/cli/generate.js → the repository's root.
const root = new URL('../../', import.meta.url);
const schema = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
writeFileSync(new URL('scenarios/scenario.schema.json', root), schema);
const readme = new URL('README.md', root);
writeFileSync(readme, withErrorTable(readFileSync(readme, 'utf8')));
