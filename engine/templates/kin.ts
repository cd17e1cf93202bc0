/**
 * When is a word a variable? One line cannot tell: "user root" may be one of many users, "VM started" one
 * of two things that are said of a VM. The evidence is kin: templates that have the same marks and differ
 * from the new line in the same few places. Enough of them, and the places are learned to vary.
 */
import { isVariable, learned, type Template } from './template.ts';
import type { Tuning } from './tuning.ts';
import { isMessageKey, isTruthValue } from './vocabulary.ts';

/** Templates with the same number of parts and the same marks in the same places. */
export interface Bucket {
  /** The places that may vary: no marks, no keys. */
  readonly places: readonly number[];
  /** In the order in which they came. */
  readonly templates: Template[];
}

export type Placement =
  | { readonly kind: 'covered'; readonly by: Template }
  | { readonly kind: 'joins'; readonly templates: readonly Template[] }
  | { readonly kind: 'new'; readonly nearest: Template | null };

/** Kin that differ from the line in the same places. */
interface Group {
  readonly places: number;
  readonly templates: Template[];
  /** How many different lines it takes. */
  needed: number;
}

/** Where a line of new shape belongs. */
export function placeAmong(bucket: Bucket, parts: readonly string[], tuning: Tuning): Placement {
  const groups = new Map<string, Group>();
  const first = bucket.places.find((at) => !isVariable(parts[at] ?? ''));
  let nearest: Template | null = null;
  let alikeMost = 0;
  for (const template of bucket.templates) {
    const { places, alike } = differences(bucket, template, parts);
    if (places.length === 0) return { kind: 'covered', by: template };
    if (alike > alikeMost) {
      alikeMost = alike;
      nearest = template;
    }
    if (alike === 0 || alike < tuning.similarity * (alike + places.length)) continue;
    addToGroup(groups, template, parts, { places, first, tuning });
  }
  const best = strongest(groups);
  return best ? { kind: 'joins', templates: best.templates } : { kind: 'new', nearest };
}

/** Makes the template cover the parts of another, or of a line. */
export function widen(template: Template, parts: readonly string[]): void {
  template.parts = template.parts.map((part, at) => (part === parts[at] ? part : learned));
}

/** Whether every line of the parts is one of the template's, as far as the template knows. */
export function covers(template: Template, parts: readonly string[]): boolean {
  return template.parts.every((part, at) => part === learned || part === parts[at]);
}

function differences(
  bucket: Bucket,
  template: Template,
  parts: readonly string[],
): { readonly places: readonly number[]; readonly alike: number } {
  const places: number[] = [];
  let alike = 0;
  for (const at of bucket.places) {
    const part = template.parts[at];
    if (part === learned) continue;
    if (part !== parts[at]) places.push(at);
    else if (part !== '') alike += 1;
  }
  return { places, alike };
}

interface Differing {
  readonly places: readonly number[];
  /** Place of the line's first word. */
  readonly first: number | undefined;
  readonly tuning: Tuning;
}

function addToGroup(
  groups: Map<string, Group>,
  template: Template,
  parts: readonly string[],
  { places, first, tuning }: Differing,
): void {
  const { alternatives, mixedAlternatives, namingFactor, placesMax } = tuning;
  const naming: number[] = [];
  let neededMost = 0;
  for (const at of places) {
    const [one = '', other = ''] = [template.parts[at], parts[at]];
    const word = isVariable(one) ? other : one;
    if ((isVariable(one) || isVariable(other)) && !isTruthValue(word)) {
      neededMost = Math.max(neededMost, mixedAlternatives);
      continue;
    }
    const isName = at === first || isMessage(parts, at);
    neededMost = Math.max(neededMost, isName ? alternatives * namingFactor : alternatives);
    if (!isValue(parts, at, [one, other])) naming.push(at);
  }
  if (naming.length > placesMax) return;
  const key = naming.join();
  const group = groups.get(key) ?? { places: naming.length, templates: [], needed: 0 };
  group.templates.push(template);
  group.needed = Math.max(group.needed, neededMost * Math.max(1, naming.length));
  groups.set(key, group);
}

/** What has enough kin; of several, the one that widens least. */
function strongest(groups: ReadonlyMap<string, Group>): Group | null {
  let best: Group | null = null;
  for (const group of groups.values()) {
    if (group.templates.length + 1 < group.needed) continue;
    const isBetter =
      best === null ||
      group.places < best.places ||
      (group.places === best.places && group.templates.length > best.templates.length);
    if (isBetter) best = group;
  }
  return best;
}

/** `started` of `msg=started` and of `"event":"started"`: it names what is going on. */
function isMessage(parts: readonly string[], at: number): boolean {
  if (parts[at - 1] === '=') return isMessageKey(parts[at - 2] ?? '');
  return parts[at - 1] === '"' && parts[at - 2] === ':' && isMessageKey(parts[at - 4] ?? '');
}

/** `root` of `user=root`, `user:root` and `"root"`. */
function isValue(parts: readonly string[], at: number, words: readonly [string, string]): boolean {
  const before = parts[at - 1] ?? '';
  return ['=', ':', '"', "'"].includes(before) && !words.some(isTruthValue);
}
