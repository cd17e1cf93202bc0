import type { ResourceLimits } from 'node:worker_threads';
import { limits } from '../limits.ts';

/** Memory of a thread that passes batches on. */
export const threadLimits: ResourceLimits = {
  maxYoungGenerationSizeMb: limits.threadYoungHeapMbMax,
};

/** Where the built module of a thread is: beside us when built, under `dist/` when run from source. */
export function threadModule(importMetaUrl: string, relativePath: string): URL {
  const built = relativePath.replace(/\.ts$/, '.js');
  if (!importMetaUrl.endsWith('.ts')) return new URL(built, importMetaUrl);
  // From source (tests): `<root>/engine/x/y.ts` → `<root>/dist/engine/x/…`; the build precedes the tests.
  const engine = importMetaUrl.lastIndexOf('/engine/');
  return new URL(built, `${importMetaUrl.slice(0, engine)}/dist${importMetaUrl.slice(engine)}`);
}
