import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The audits of the library take minutes: begun last, they would keep one core waiting for the other. */
class LibraryFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) =>
      moduleId.includes('/tests/library/library.');
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  resolve: {
    alias: {
      'incident-workbench/sdk': at('./engine/sdk/index.ts'),
      'incident-workbench/testing': at('./engine/detect/testing/index.ts'),
    },
  },
  test: {
    include: ['tests/**/*.test.ts'],
    // What a person trusts is kept with the person, and tests are none.
    env: { XDG_CONFIG_HOME: join(tmpdir(), 'workbench-tests') },
    // Two cores: more workers than that only make the timings of the browser tests wobble.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LibraryFirst },
  },
});
