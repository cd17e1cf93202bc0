/** Describes a detector's module as plain data. A person's module runs in a process of its own, from its first line. */
import { limits } from '../limits.ts';
import { examineDetector, type Description } from './contract.ts';
import { importDetector, importFailure, type DetectorModule, type Runner } from './module.ts';
import { PluginProcess } from './plugin-process.ts';
import type { PluginMessage } from './protocol.ts';

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
  return examined.ok
    ? { kind: 'described', metadata: examined.metadata }
    : { kind: 'invalid', problems: examined.problems };
}

function describeElsewhere(module: DetectorModule): Promise<Description> {
  return new Promise((resolve) => {
    const settle = (description: Description): void => {
      clearTimeout(timer);
      void plugin.close().then(() => resolve(description));
    };
    const plugin = new PluginProcess({
      message: (message) => {
        // Our own code in the process sent it; what is inside was examined there.
        const told = message as PluginMessage;
        if (told.type === 'description') settle(told.description);
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
