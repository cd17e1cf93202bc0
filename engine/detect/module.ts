/**
 * Imports a detector's module: a built-in by its URL, a user's file through jiti, which takes
 * TypeScript and JavaScript alike and resolves `incident-workbench/sdk` to this very package
 * wherever the file lies.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reasonOf } from '../errors.ts';
import { threadModule } from '../replay/thread.ts';
import { isRecord } from './contract.ts';
import { authorPlace, placeIn } from './hook-failure.ts';

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
  // Other exports are no detector, and what is wrong with each of their keys would be noise.
  if (exported === module && isRecord(module) && !('apiVersion' in module)) return undefined;
  // `module.exports = { default: … }`, as compilers to CommonJS write it.
  const nested =
    typeof exported === 'object' && exported !== null && '__esModule' in exported
      ? Reflect.get(exported, 'default')
      : undefined;
  return nested ?? exported;
}

/** What a failed import says, with `file:line:column` first where the parser, the stack or the source knows it. */
export function importFailure(thrown: unknown, url: string): string {
  const file = fileURLToPath(url);
  const [said = '', ...more] = reasonOf(thrown).split('\n');
  const reason = said.replace(/^ParseError: /, '').trim();
  // The parser says where on a line of its own.
  const parsed = more.map((line) => /^\s*(\/.+:\d+(:\d+)?)$/.exec(line)?.[1]).find(Boolean);
  const place = parsed ?? missingPlace(thrown) ?? stackPlace(thrown, file);
  return place === null ? reason : `${place}: ${reason}`;
}

function stackPlace(thrown: unknown, file: string): string | null {
  const place = thrown instanceof Error ? placeIn(thrown.stack ?? '', file) : null;
  return place && `${place.file}:${authorPlace(place)}`;
}

/** Where a module that cannot be found is asked for: no stack tells that. */
function missingPlace(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  const [, wanted] = /^Cannot find (?:module|package) '([^']+)'/.exec(thrown.message) ?? [];
  const [, asking] =
    /^- (.+)$/m.exec(thrown.message) ?? / imported from (\/.+)$/m.exec(thrown.message) ?? [];
  if (wanted === undefined || asking === undefined || !existsSync(asking)) return null;
  const lines = readFileSync(asking, 'utf8').split('\n');
  const at = lines.findIndex(
    (line) => line.includes(`'${wanted}'`) || line.includes(`"${wanted}"`),
  );
  const column = (lines[at]?.search(/['"]/) ?? -1) + 1;
  return at < 0 ? asking : `${asking}:${at + 1}:${column}`;
}
