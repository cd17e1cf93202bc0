/** scenarios/README.md says what there is, and nothing that is gone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadLibrary } from '../../cli/library.ts';
import { tryingText } from '../../cli/scenario-text.ts';
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

describe.each(library)('the page of $id', ({ id, scenario }) => {
  const [briefing = '', spoilers = ''] = readFileSync(join(folder, id, 'README.md'), 'utf8').split(
    '<details>',
  );
  const { title, difficulty, tags } = scenario;

  test('begins as all of them do', () => {
    if (scenario.kind !== 'simulated') throw new Error(`${id} is no simulation`);
    const minutes = scenario.durationUs / 60_000_000;
    const facts = `Difficulty ${difficulty} of 4 · ${minutes} minutes`;
    expect(briefing.split('\n').slice(0, 4)).toEqual([`# ${title}`, '', facts, '']);
    expect(briefing.split('\n')[4]).toMatch(/^\*\*Briefing\.\*\* /);
    expect(briefing).toContain(`\nnpx workbench run scenarios/${id} --open\n`);
  });

  test('says how to try an action, in the words of all of them', () => {
    const text = tryingText('npx workbench', '[the list of actions](../README.md#actions)');
    expect(briefing).toContain(`\n\n${text}\n\n`);
    expect(page).toContain('\n## Actions\n');
  });

  test('keeps the tags for those who open the spoilers', () => {
    expect(spoilers).toContain(`</summary>\n\n**Tags.** ${tags.join(', ')}\n\n`);
    const prose = briefing.replace(/```[^]*?```/, '');
    expect(tags.filter((tag) => !partsOfShops.has(tag) && says(prose, tag))).toEqual([]);
  });
});

/** Tags that are words for what any shop is made of: no briefing can do without them. */
const partsOfShops = new Set('alerts cache cpu database disk host network search zone'.split(' '));

function says(text: string, tag: string): boolean {
  return new RegExp(`\\b${tag.replaceAll('-', '[ -]')}`, 'i').test(text);
}

/** Whole, or as a beginning and an end: `http.server.request.rate` · `.error_ratio`. */
function isNamed(name: string): boolean {
  if (page.includes(`\`${name}\``)) return true;
  const end = name.slice(name.lastIndexOf('.'));
  if (page.includes(`\`${name.slice(0, -end.length)}.…\``)) return true;
  return page.includes(`\`${end}\``) || page.includes(`\`….${end.slice(1)}\``);
}
