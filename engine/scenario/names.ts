/** Names of a scenario: unique, safe, and found again when something refers to them. */
import { clipped, suggestion } from './suggestion.ts';
import type { Report } from './report.ts';
import type { Path } from './yaml-tree.ts';

/** Things of one kind by name, with what they are called in messages. */
export class Names {
  private readonly what: string;
  private readonly indexes = new Map<string, number>();

  /** `fold`: names that differ only in case or Unicode form count as the same. */
  constructor(
    report: Report,
    options: {
      what: string;
      names: readonly string[];
      pathOf: (index: number) => Path;
      fold: boolean;
    },
  ) {
    this.what = options.what;
    const folded = new Map<string, string>();
    for (const [index, name] of options.names.entries()) {
      const path = options.pathOf(index);
      checkName(report, { what: options.what, name, path });
      const key = options.fold ? name.normalize('NFC').toLowerCase() : name.normalize('NFC');
      const earlier = folded.get(key);
      if (earlier === undefined) {
        folded.set(key, name);
        this.indexes.set(name, index);
        continue;
      }
      const message = `${options.what} "${clipped(name)}" for the second time`;
      const hint = earlier === name ? undefined : `"${clipped(earlier)}" counts as the same name`;
      report.add(path, { kind: 'duplicate', message, hint });
    }
  }

  /** Index of the name; −1 and a problem where there is none. */
  find(report: Report, name: string, path: Path, part: 'key' | 'value' = 'value'): number {
    const index = this.indexes.get(name);
    if (index !== undefined) return index;
    const known = [...this.indexes.keys()];
    report.add(path, {
      kind: 'reference',
      message: `no ${this.what} "${clipped(name)}"`,
      part,
      hint: suggestion(name, known, `known ${this.what.replace(/^\S+/, '$&s')}`),
    });
    return -1;
  }
}

/** Members of every object: a table keyed by names would find them without their having been put there. */
const reserved: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));
const latin = /\p{Script=Latin}/u;
const lookalike = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;

function checkName(
  report: Report,
  { what, name, path }: { what: string; name: string; path: Path },
): void {
  if (reserved.has(name)) {
    const message = `"${name}" cannot be the name of ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}: JavaScript reserves it`;
    report.add(path, {
      kind: 'forbidden',
      message,
      hint: `"${name.replaceAll('_', '')}-1" would do`,
    });
  }
  if (latin.test(name) && lookalike.test(name)) {
    const message = `${what} "${clipped(name)}" mixes alphabets whose letters look alike`;
    report.add(path, { kind: 'portability', message, severity: 'warning' });
  }
}
