/** No error is only thought of: each code of the catalogue is asked for by a test. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes } from '../../engine/errors.ts';
import { root } from '../support/workbench.ts';

const tests = join(root, 'tests');
const texts = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(tests, name), 'utf8'));

test.each(errorCodes)('%s', (code) => {
  expect(texts.some((text) => text.includes(`'${code}'`))).toBe(true);
});
