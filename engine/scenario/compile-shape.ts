// The last step of the build: writes the compiled validator of scenario files beside its source.
import { writeFileSync } from 'node:fs';
import { compiledShape } from './shape-validator.ts';

const { file, text } = compiledShape();
writeFileSync(file, text);
