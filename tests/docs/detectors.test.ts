/** The pages of the detectors say what each must say, and plugins/README.md what there is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadBundled } from '../../cli/bundled.ts';
import { detectorTable } from '../../cli/output/detector-table.ts';
import { withGenerated } from '../../cli/output/generated.ts';
import { root } from '../support/workbench.ts';

const entries = await loadBundled(root);

test('lists the detectors as they are (npm run generate)', () => {
  const page = readFileSync(join(root, 'plugins/README.md'), 'utf8');
  expect(withGenerated(page, 'detectors', detectorTable(entries))).toBe(page);
});

describe.each(entries.filter(({ metadata }) => metadata.id !== 'skeleton'))(
  'the page of $metadata.id',
  ({ metadata, page }) => {
    test('names every option with its default, and no other', () => {
      const [, table = ''] = /\n\| option.*\n\|[ -|]+\n((?:\|.*\n)*)/.exec(page) ?? [];
      const told = table.split('\n').flatMap((row) => {
        const [, cell = ''] = row.split('|');
        return (cell.match(/`[^`]+`/g) ?? []).map((name) => name.slice(1, -1));
      });
      expect(told.sort()).toEqual(Object.keys(metadata.options).sort());
    });

    test('says what it costs and what it was tuned on', () => {
      expect(page).toContain('**Cost.** ');
      expect(page).toContain('**Tuned on** ');
    });
  },
);
