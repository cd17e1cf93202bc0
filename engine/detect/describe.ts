/** Describes a detector's module as plain data. A person's module runs in a process of its own, from its first line. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { limits } from '../limits.ts';
import { examineDetector, type Description } from './contract.ts';
import { importDetector, importFailure, type DetectorModule, type Runner } from './module.ts';
import { PluginProcess } from './plugin-process.ts';

export function describeDetector(module: DetectorModule): Promise<Description> {
  return module.origin === 'file' ? describeElsewhere(module) : describeHere(module);
}

/** Imports the module into this very thread. */
export async function describeHere(module: DetectorModule, run?: Runner): Promise<Description> {
  let exported: unknown;
  try {
    exported = await importDetector(module, run);
  } catch (thrown) {
    return { kind: 'unloadable', reason: importFailure(thrown, module.url) };
  }
  const examined = examineDetector(exported);
  if (examined.ok) return { kind: 'described', metadata: examined.metadata };
  const { problems } = examined;
  const source = readFileSync(fileURLToPath(module.url), 'utf8');
  return { kind: 'invalid', problems, line: lineOf(problems, source) };
}

/** Where the file first mentions what the first problem is about: a parsed module knows no lines. */
function lineOf([problem = '']: readonly string[], source: string): number | null {
  const [, word] = /^(?:unknown key )?(?:[a-z]+\.)?(\w+)/i.exec(problem) ?? [];
  const wanted = problem.startsWith('the module')
    ? /module\.exports/.test(source)
      ? /module\.exports/
      : /\bexports?\b/
    : new RegExp(`\\b${word}\\b`);
  const at = source.split('\n').findIndex((line) => wanted.test(line));
  return at < 0 ? null : at + 1;
}

function describeElsewhere(module: DetectorModule): Promise<Description> {
  return new Promise((resolve) => {
    const settle = (description: Description): void => {
      clearTimeout(timer);
      void plugin.close().then(() => resolve(description));
    };
    const plugin = new PluginProcess(fileURLToPath(module.url), {
      message: (message) => {
        if (message.type === 'description') settle(message.description);
      },
      ended: (reason) => settle({ kind: 'unloadable', reason: `${reason} while loading` }),
      // The run imports it again and shows what it prints.
      printed: () => undefined,
    });
    const timer = setTimeout(
      () => plugin.kill('it did not come to an end'),
      limits.detectorLoadMsMax,
    );
    plugin.send({ type: 'describe', module });
  });
}
