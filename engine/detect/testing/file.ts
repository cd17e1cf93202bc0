/**
 * Tests a detector's file with the examples that lie beside it, in a process of its own: a detector that
 * is being written loops, exits and eats memory more often than one that is done.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WorkbenchError } from '../../errors.ts';
import { accept } from '../load.ts';
import type { DetectorModule } from '../module.ts';
import { PluginProcess } from '../plugin-process.ts';
import type { PluginMessage } from '../protocol.ts';
import { slownessOf, watch, whereIn } from '../watch.ts';
import type { CheckResult } from './check-result.ts';
import { examplesBeside } from './examples-file.ts';

export interface TestedFile {
  readonly id: string;
  /** File of the examples; null where there is none. */
  readonly examples: string | null;
  readonly results: readonly CheckResult[];
  /** Checks that were not run, for the one before ended the process. */
  readonly unrun: readonly string[];
}

/**
 * Throws DETECTOR_UNLOADABLE or DETECTOR_INVALID where there is nothing to test.
 * @param printed told what the detector prints, line by line, whatever is in it
 */
export async function testDetectorFile(
  module: DetectorModule,
  printed: (line: string) => void = () => undefined,
): Promise<TestedFile> {
  const file = fileURLToPath(module.url);
  const examples = examplesBeside(file);
  const test = new FileTest(file, examples);
  let stopWatching = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    const plugin = new PluginProcess(file, {
      message: (message) => {
        if (test.hear(message)) resolve();
      },
      ended: (reason) => {
        const { hook, at } = whereIn(plugin);
        test.end(reason, `, in ${hook}${at}`);
        resolve();
      },
      printed,
    });
    stopWatching = watch(slownessOf(plugin), (reason) => plugin.kill(reason));
    test.plugin = plugin;
    const beside = examples === null ? null : pathToFileURL(examples).href;
    plugin.send({ type: 'test', module, examples: beside });
  });
  try {
    await ended;
  } finally {
    stopWatching();
    await test.plugin?.close();
  }
  return test.tested();
}

/** What has been heard of a test so far. */
class FileTest {
  plugin: PluginProcess | null = null;
  readonly #file: string;
  readonly #examples: string | null;
  readonly #results: CheckResult[] = [];
  #id = '';
  #names: readonly string[] | null = null;
  #failure: WorkbenchError | null = null;

  constructor(file: string, examples: string | null) {
    this.#file = file;
    this.#examples = examples;
  }

  /** True where nothing more will come. */
  hear(message: PluginMessage): boolean {
    switch (message.type) {
      case 'description':
        return this.#accept(message);
      case 'refused':
        return this.#refuse(message.reason, this.#examples ?? this.#file);
      case 'checks':
        this.#names = message.names;
        return false;
      case 'checked':
        this.#results.push(message.result);
        return false;
      case 'tested':
        return true;
      case 'output':
        return false;
      default:
        return message satisfies never;
    }
  }

  end(reason: string, where: string): void {
    const name = this.#names?.[this.#results.length];
    if (name === undefined) {
      this.#refuse(`${reason} while loading`, this.#file);
      return;
    }
    const hint = 'look for a loop that does not end, or a list that only grows';
    this.#results.push({ name, pass: false, reason: `${reason}${where}`, hint });
  }

  tested(): TestedFile {
    if (this.#failure !== null) throw this.#failure;
    const unrun = (this.#names ?? []).slice(this.#results.length);
    return { id: this.#id, examples: this.#examples, results: this.#results, unrun };
  }

  #accept({ description }: Extract<PluginMessage, { type: 'description' }>): boolean {
    try {
      this.#id = accept(description, this.#file).id;
      return false;
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      this.#failure = error;
      return true;
    }
  }

  #refuse(reason: string, file: string): boolean {
    this.#failure ??= new WorkbenchError('DETECTOR_UNLOADABLE', { file, reason });
    return true;
  }
}
