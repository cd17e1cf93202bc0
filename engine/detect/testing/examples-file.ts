import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** `examples.ts` beside `detector.ts`; `my.examples.ts` beside `my.ts`. */
export function examplesBeside(file: string): string | null {
  const name = basename(file, extname(file));
  const stem = name === 'detector' ? 'examples' : `${name}.examples`;
  const found = ['.ts', '.js', '.mjs'].map((ending) => join(dirname(file), `${stem}${ending}`));
  return found.find((path) => existsSync(path)) ?? null;
}
