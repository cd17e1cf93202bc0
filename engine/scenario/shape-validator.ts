/**
 * The validator of scenario files. Compiling it takes half a second, so the build does that once and
 * leaves the function as a file beside this one; from source, and in tests, it is compiled on the spot.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { wholeJsonSchema } from './json-schema.ts';

/** CommonJS, because that can be loaded without waiting. */
export const compiledShapeFile = fileURLToPath(new URL('./compiled-shape.cjs', import.meta.url));

export function shapeValidator(): ValidateFunction {
  if (!existsSync(compiledShapeFile)) return compileShape().validate;
  return createRequire(import.meta.url)(compiledShapeFile) as ValidateFunction;
}

/** @param options.source keeps the text of the function, for the build */
export function compileShape(options: { readonly source?: boolean } = {}): {
  readonly ajv: Ajv2020;
  readonly validate: ValidateFunction;
} {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    verbose: true,
    $data: false,
    discriminator: true,
    allowUnionTypes: true,
    ownProperties: true,
    keywords: ['x-unit', 'x-tag'],
    code: options,
  });
  return { ajv, validate: ajv.compile(wholeJsonSchema()) };
}
