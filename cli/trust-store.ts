/**
 * Which detectors' code a person has agreed to run, by content, and which folders they write in
 * themselves. Kept with the person and not in the current folder: a folder may come from a stranger,
 * with a list of its own.
 */
import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { reasonOf } from '../engine/errors.ts';
import { limits } from '../engine/limits.ts';
import type { Io } from './io.ts';
import { writeWhole } from './whole-file.ts';

interface TrustList {
  /** Absolute path of a detector's file to the hash of its code. */
  readonly detectors: Readonly<Record<string, string>>;
  /** Absolute paths of folders, whatever is in them. */
  readonly folders: readonly string[];
}

const nothing: TrustList = { detectors: {}, folders: [] };

export class TrustStore {
  readonly #file: string | null;
  #list: TrustList;

  constructor(io: Pick<Io, 'env'>) {
    this.#file = trustFile(io.env);
    this.#list = this.#file === null ? nothing : read(this.#file);
  }

  /** The hash that a file was trusted with; null where it never was. */
  hashOf(file: string): string | null {
    return Object.hasOwn(this.#list.detectors, file) ? (this.#list.detectors[file] ?? null) : null;
  }

  /** Does it lie in a folder that the person writes in? */
  isOwn(file: string): boolean {
    return this.#list.folders.some((folder) => file.startsWith(`${folder}${sep}`));
  }

  /** Why it holds for this command only; null where it is kept. */
  trust(file: string, hash: string): string | null {
    const others = Object.entries(this.#list.detectors).filter(([known]) => known !== file);
    const detectors = Object.fromEntries([...others, [file, hash]]);
    return this.#write({ ...this.#list, detectors });
  }

  /** As `trust`. */
  trustFolder(folder: string): string | null {
    const others = this.#list.folders.filter((known) => known !== folder);
    return this.#write({ ...this.#list, folders: [...others, folder] });
  }

  /** The newest entries of each kind are kept. */
  #write({ detectors, folders }: TrustList): string | null {
    const kept = Object.entries(detectors).slice(-limits.trustEntriesMax);
    this.#list = {
      detectors: Object.fromEntries(kept),
      folders: folders.slice(-limits.trustEntriesMax),
    };
    if (this.#file === null) return 'there is no home folder';
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      writeWhole(this.#file, `${JSON.stringify({ version: 1, ...this.#list }, null, 2)}\n`, 0o600);
      return null;
    } catch (error) {
      return reasonOf(error);
    }
  }
}

function trustFile(env: Io['env']): string | null {
  const { WORKBENCH_TRUST_DIR: given, XDG_CONFIG_HOME: config, HOME: home } = env;
  if (given) return isAbsolute(given) ? join(given, 'trust.json') : null;
  const base = config || (home ? join(home, '.config') : '');
  return isAbsolute(base) ? join(base, 'incident-workbench', 'trust.json') : null;
}

/** A list that others can write, or that is none, is no list: everything is asked again. */
function read(file: string): TrustList {
  if (!existsSync(file)) return nothing;
  const stat = lstatSync(file);
  const isOwn = stat.uid === userInfo().uid && (stat.mode & 0o022) === 0;
  if (!stat.isFile() || !isOwn || stat.size > limits.trustListBytesMax) return nothing;
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return nothing;
    throw error;
  }
  return listOf(given);
}

function listOf(given: unknown): TrustList {
  if (typeof given !== 'object' || given === null || Reflect.get(given, 'version') !== 1) {
    return nothing;
  }
  const detectors: unknown = Reflect.get(given, 'detectors');
  const folders: unknown = Reflect.get(given, 'folders');
  const pairs =
    typeof detectors === 'object' && detectors !== null ? Object.entries(detectors) : [];
  return {
    detectors: Object.fromEntries(
      pairs.filter((pair): pair is [string, string] => isText(pair[1])),
    ),
    folders: Array.isArray(folders) ? folders.filter(isText).filter((one) => isAbsolute(one)) : [],
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
