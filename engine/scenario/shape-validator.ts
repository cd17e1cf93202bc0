/**
 * The validator of scenario files. Compiling it takes half a second, so the build does that once and
 * leaves the function as a file beside this one; from source, and in tests, it is compiled on the spot.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { wholeJsonSchema } from './json-schema.ts';

/** CommonJS, because that can be loaded without waiting. */
const compiledFile = fileURLToPath(new URL('./compiled-shape.cjs', import.meta.url));

export function shapeValidator(): ValidateFunction {
  if (!existsSync(compiledFile)) return makeAjv().compile(wholeJsonSchema());
  return createRequire(import.meta.url)(compiledFile) as ValidateFunction;
}

/** The source of the compiled function, and where it belongs. */
export function compiledShape(): { readonly file: string; readonly text: string } {
  const ajv = makeAjv({ source: true });
  return { file: compiledFile, text: standalone(ajv, ajv.compile(wholeJsonSchema())) };
}

function makeAjv(code: { readonly source?: boolean } = {}): Ajv2020 {
  return new Ajv2020({
    strict: true,
    allErrors: true,
    verbose: true,
    $data: false,
    discriminator: true,
    allowUnionTypes: true,
    ownProperties: true,
    keywords: ['x-unit', 'x-tag'],
    code,
  });
}
