/** Tests a detector in this very process, check by check, so that whoever listens knows which one began. */
import { fileURLToPath } from 'node:url';
import { isRecord } from '../contract.ts';
import { describeHere } from '../describe.ts';
import { importDetector, importFailure, type DetectorModule, type Runner } from '../module.ts';
import type { Beat } from '../host.ts';
import type { PluginMessage } from '../protocol.ts';
import type { Examples } from './examples.ts';
import { planChecks } from './plan.ts';

interface TestRequest {
  readonly module: DetectorModule;
  readonly examples: string | null;
}

export async function* testHere(
  { module, examples: url }: TestRequest,
  { run, beat }: { readonly run: Runner; readonly beat: Beat },
): AsyncGenerator<PluginMessage> {
  const description = await describeHere(module, run);
  yield { type: 'description', description };
  if (description.kind !== 'described') return;
  let examples: Examples = { quiet: [], fires: [] };
  if (url !== null) {
    const found = await importExamples({ origin: module.origin, url }, run);
    if (typeof found === 'string') {
      yield { type: 'refused', reason: found };
      return;
    }
    examples = found;
  }
  const file = fileURLToPath(module.url);
  const checks = planChecks(await importDetector(module, run), examples, {
    file,
    beat,
    runner: run,
  });
  yield { type: 'checks', id: description.metadata.id, names: checks.map(({ name }) => name) };
  for (const check of checks) {
    yield { type: 'checked', result: check.run() };
    // Between two checks the channel is served.
    await new Promise((resolve) => setImmediate(resolve));
  }
  yield { type: 'tested' };
}

/** The examples, or what is wrong with them. */
async function importExamples(module: DetectorModule, run: Runner): Promise<Examples | string> {
  let exported: unknown;
  try {
    exported = await importDetector(module, run);
  } catch (thrown) {
    return importFailure(thrown, module.url);
  }
  if (isExamples(exported)) return exported;
  return 'its examples need a default export: defineExamples({ quiet: […], fires: […] })';
}

function isExamples(value: unknown): value is Examples {
  return isRecord(value) && Array.isArray(value['quiet']) && Array.isArray(value['fires']);
}
