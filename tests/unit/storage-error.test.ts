import { expect, test } from 'vitest';
import { storageError } from '../../engine/store/index.ts';

test.each([
  [
    'Could not locate the bindings file. Tried:\n → /x/better_sqlite3.node',
    'the file is not there',
  ],
  [
    'The module was compiled against a different Node.js version: NODE_MODULE_VERSION 115',
    'it is of another Node',
  ],
])('a binding that cannot be loaded is told with its mend: %s', (message) => {
  const error = storageError('run.db', new Error(message));
  expect(error.code).toBe('STORAGE_BINDING_MISSING');
  expect(error.exitCode).toBe(4);
  expect(error.hint).toContain('npm rebuild better-sqlite3');
  expect(error.message).not.toContain('\n');
});
