// Writes what is derived from the sources and kept in the repository: the JSON Schema that editors
// read beside the scenarios, the README's table of errors, and the tables of scenarios and detectors.
// `npm run generate`; tests fail when one of them has drifted.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scenarioJsonSchema } from '../engine/scenario/index.ts';
import { loadBundled } from './bundled.ts';
import { loadLibrary } from './library.ts';
import { detectorTable } from './output/detector-table.ts';
import { errorTable } from './output/error-table.ts';
import { withGenerated } from './output/generated.ts';
import { libraryTable } from './output/library-table.ts';

// dist/cli/generate.js → the repository's root.
const root = fileURLToPath(new URL('../../', import.meta.url));
const schema = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
writeFileSync(`${root}scenarios/scenario.schema.json`, schema);
update('README.md', 'errors', errorTable());
update('scenarios/README.md', 'library', libraryTable(loadLibrary(`${root}scenarios`)));
update('plugins/README.md', 'detectors', detectorTable(await loadBundled(root)));

function update(page: string, name: string, table: string): void {
  const file = `${root}${page}`;
  writeFileSync(file, withGenerated(readFileSync(file, 'utf8'), name, table));
}
