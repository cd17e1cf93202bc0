/**
 * Imports a detector's module: a built-in by its URL, a user's file through jiti, which takes
 * TypeScript and JavaScript alike and resolves `incident-workbench/sdk` to this very package
 * wherever the file lies.
 */
import { fileURLToPath } from 'node:url';
import { reasonOf } from '../errors.ts';
import { threadModule } from '../replay/thread.ts';

/** Where a detector comes from: ours, or a file that a person named. */
export type DetectorOrigin = 'built-in' | 'file';

export interface DetectorModule {
  readonly origin: DetectorOrigin;
  /** URL of the module. */
  readonly url: string;
}

/** How code of a module is run: as it is, or under a clock. */
export type Runner = <T>(work: () => T) => T;

/** The module's default export, unexamined. Throws whatever the module or its parser throws. */
export async function importDetector(
  module: DetectorModule,
  run: Runner = (work) => work(),
): Promise<unknown> {
  if (module.origin === 'built-in') return defaultOf(await import(module.url));
  const { createJiti } = await import('jiti');
  const here = (path: string): string => fileURLToPath(threadModule(import.meta.url, path));
  const jiti = createJiti(import.meta.url, {
    interopDefault: false,
    alias: {
      'incident-workbench/sdk': here('../sdk/index.ts'),
      'incident-workbench/testing': here('./testing/index.ts'),
    },
  });
  // The module's own code runs before this call returns its promise.
  return defaultOf(await run(() => jiti.import(fileURLToPath(module.url))));
}

function defaultOf(module: unknown): unknown {
  const exported: unknown =
    typeof module === 'object' && module !== null && 'default' in module ? module.default : module;
  // `module.exports = { default: … }`, as compilers to CommonJS write it.
  const nested =
    typeof exported === 'object' && exported !== null && '__esModule' in exported
      ? Reflect.get(exported, 'default')
      : undefined;
  return nested ?? exported;
}

/** What a failed import says, with `file:line:column` first where the parser or the stack knows it. */
export function importFailure(thrown: unknown, url: string): string {
  const file = fileURLToPath(url);
  const reason = (reasonOf(thrown).split('\n')[0] ?? '').trim();
  if (reason.includes(`${file}:`)) return reason;
  const place = placeIn(thrown, file);
  return place === null ? reason : `${file}:${place}: ${reason}`;
}

/**
 * `line` or `line:column` of the first mention of the file in what was thrown. TypeScript runs with its
 * types taken out, which keeps the lines of the source and not its columns: a frame gives the line.
 */
export function placeIn(thrown: unknown, file: string): string | null {
  if (!(thrown instanceof Error)) return null;
  const known: unknown = Reflect.get(thrown, 'line');
  if (typeof known === 'number') return String(known);
  const text = `${thrown.message}\n${thrown.stack ?? ''}`;
  const at = text.indexOf(`${file}:`);
  if (at < 0) return null;
  const [place = null, line = null] = /^(\d+)(:\d+)?/.exec(text.slice(at + file.length + 1)) ?? [];
  const isFrame = /^\s*at /.test(text.slice(text.lastIndexOf('\n', at) + 1, at));
  return isFrame && /\.[cm]?ts$/.test(file) ? line : place;
}
