/** Tests a detector's file with the examples that lie beside it. */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WorkbenchError } from '../../errors.ts';
import { accept } from '../load.ts';
import { describeDetector } from '../describe.ts';
import { importDetector, importFailure, type DetectorModule } from '../module.ts';
import { isRecord } from '../contract.ts';
import type { Examples } from './examples.ts';
import { testDetector, type CheckResult } from './index.ts';

export interface TestedFile {
  readonly id: string;
  /** File of the examples; null where there is none. */
  readonly examples: string | null;
  readonly results: readonly CheckResult[];
}

/** Throws DETECTOR_UNLOADABLE or DETECTOR_INVALID where there is nothing to test. */
export async function testDetectorFile(module: DetectorModule): Promise<TestedFile> {
  const file = fileURLToPath(module.url);
  // First in a process of its own: a module that loops or exits at import must not take us with it.
  const { id } = accept(await describeDetector(module), file);
  const beside = examplesBeside(file);
  const examples =
    beside === null
      ? { quiet: [], fires: [] }
      : await importExamples({ origin: module.origin, url: pathToFileURL(beside).href });
  const results = testDetector(await importDetector(module), examples, file);
  return { id, examples: beside, results };
}

/** `examples.ts` beside `detector.ts`; `my.examples.ts` beside `my.ts`. */
function examplesBeside(file: string): string | null {
  const name = basename(file, extname(file));
  const stem = name === 'detector' ? 'examples' : `${name}.examples`;
  const found = ['.ts', '.js', '.mjs'].map((ending) => join(dirname(file), `${stem}${ending}`));
  return found.find((path) => existsSync(path)) ?? null;
}

async function importExamples(module: DetectorModule): Promise<Examples> {
  const file = fileURLToPath(module.url);
  let exported: unknown;
  try {
    exported = await importDetector(module);
  } catch (thrown) {
    const reason = importFailure(thrown, module.url);
    throw new WorkbenchError('DETECTOR_UNLOADABLE', { file, reason }, { cause: thrown });
  }
  if (isExamples(exported)) return exported;
  const reason = 'its examples need a default export: defineExamples({ quiet: […], fires: […] })';
  throw new WorkbenchError('DETECTOR_INVALID', { file, reason });
}

function isExamples(value: unknown): value is Examples {
  return isRecord(value) && Array.isArray(value['quiet']) && Array.isArray(value['fires']);
}
