/** scenarios/README.md says what there is, and nothing that is gone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadLibrary } from '../../cli/library.ts';
import { withGenerated } from '../../cli/output/generated.ts';
import { libraryTable } from '../../cli/output/library-table.ts';
import { formatMicros } from '../../engine/scenario/index.ts';
import { createSimulatorSource, faultKinds, usualDelays } from '../../engine/simulator/index.ts';
import { root } from '../support/workbench.ts';

const folder = join(root, 'scenarios');
const page = readFileSync(join(folder, 'README.md'), 'utf8');
const library = loadLibrary(folder);

/** First cells of the table below a heading. */
function rows(heading: string): string[][] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) => line.split('|').map((cell) => cell.trim()));
}

test('lists the library as it is (npm run generate)', () => {
  expect(withGenerated(page, 'library', libraryTable(library))).toBe(page);
});

test('explains every fault, and no other', () => {
  const told = rows('Faults').map(([, kind = '']) => kind.replaceAll('`', ''));
  expect(told.sort()).toEqual([...faultKinds].sort());
});

test('explains every action, and how long it takes', () => {
  const told = rows('Actions').map(([, text = '', takes]) => [
    /^`([a-z-]+)/.exec(text)?.[1] ?? '',
    takes,
  ]);
  const known = Object.entries(usualDelays).map(([kind, us]) => [
    kind,
    kind === 'custom' ? 'as told' : formatMicros(us),
  ]);
  expect(told.sort()).toEqual(known.sort());
});

test('names every metric that a scenario of the library tells', () => {
  const names = new Set(
    library.flatMap(({ scenario }) => {
      if (scenario.kind !== 'simulated') return [];
      return createSimulatorSource(scenario).header.series.map(({ name }) => name);
    }),
  );
  const words = [...names].filter((name) => !isNamed(name));
  expect(words).toEqual([]);
});

/** Whole, or as a beginning and an end: `http.server.request.rate` · `.error_ratio`. */
function isNamed(name: string): boolean {
  if (page.includes(`\`${name}\``)) return true;
  const end = name.slice(name.lastIndexOf('.'));
  if (page.includes(`\`${name.slice(0, -end.length)}.…\``)) return true;
  return page.includes(`\`${end}\``) || page.includes(`\`….${end.slice(1)}\``);
}
