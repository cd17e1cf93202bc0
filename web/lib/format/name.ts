/** Names that are too long for their place, shortened so that they can still be told apart. */

/** Keeps both ends: names of one family often differ at the end. */
export function shorten(name: string, charsMax: number): string {
  if (name.length <= charsMax) return name;
  const tail = Math.floor((charsMax - 1) / 3);
  return `${name.slice(0, charsMax - 1 - tail)}…${name.slice(name.length - tail)}`;
}

/** Of fewer names nobody would miss what they share. */
const familyMin = 5;
/** Share of the names that must have a beginning or end in common for it to say nothing. */
const familyShare = 0.8;

/**
 * A short form of each name: without a first or last word that nearly all share (`ts-` and
 * `-service` of `ts-seat-service`), then at most `charsMax` long. Short forms that would be equal
 * stay whole, as far as they fit.
 */
export function shortNames(
  names: readonly string[],
  charsMax: number,
): ReadonlyMap<string, string> {
  const first = shared(names, /^[^-_.]+[-_.](?=.)/);
  const last = shared(names, /(?!^)[-_.][^-_.]+$/);
  const bare = names.map((name) => {
    const start = first !== '' && name.startsWith(first) ? first.length : 0;
    const end = last !== '' && name.endsWith(last) ? name.length - last.length : name.length;
    return start < end ? name.slice(start, end) : name;
  });
  const uses = new Map<string, number>();
  for (const name of bare) uses.set(name, (uses.get(name) ?? 0) + 1);
  const whole = names.map((name, index) => {
    const short = bare[index] ?? name;
    return uses.get(short) === 1 ? short : name;
  });
  return new Map(names.map((name, index) => [name, apart(whole[index] ?? name, whole, charsMax)]));
}

/** Shortens a name; where another one would look the same, it begins where the two differ. */
function apart(name: string, all: readonly string[], charsMax: number): string {
  const short = shorten(name, charsMax);
  const twins = all.filter((other) => other !== name && shorten(other, charsMax) === short);
  if (twins.length === 0) return short;
  const same = Math.max(...twins.map((other) => commonStart(name, other)));
  // Back to the start of the word in which they differ.
  const word = name.slice(0, same).search(/[A-Za-z0-9]*$/);
  return word > 1 ? `…${shorten(name.slice(word), charsMax - 1)}` : short;
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/** The affix that nearly all names have; '' where there is none. */
function shared(names: readonly string[], affix: RegExp): string {
  if (names.length < familyMin) return '';
  const counts = new Map<string, number>();
  for (const name of names) {
    const found = affix.exec(name)?.[0];
    if (found !== undefined) counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  const most = [...counts].toSorted((a, b) => b[1] - a[1])[0];
  return most && most[1] >= names.length * familyShare ? most[0] : '';
}
