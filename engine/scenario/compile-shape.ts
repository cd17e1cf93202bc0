// The last step of the build: writes the compiled validator of scenario files beside its source.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import { compiledShapeFile, compileShape } from './shape-validator.ts';

// CommonJS with a default that each kind of module resolution sees elsewhere.
const standalone = createRequire(import.meta.url)('ajv/dist/standalone') as {
  readonly default: (ajv: Ajv2020, validate: ValidateFunction) => string;
};
const { ajv, validate } = compileShape({ source: true });
writeFileSync(compiledShapeFile, standalone.default(ajv, validate));
