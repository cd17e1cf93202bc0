/**
 * Words whose meaning does not depend on who wrote the log: units, the calendar, truth values, and the
 * ends of host and file names. Nothing here belongs to a product.
 */
const units = words(
  'b kb mb gb tb pb kib mib gib tib byte bytes bit bits ns us µs ms s sec secs second seconds ' +
    'millisecond milliseconds microsecond microseconds nanosecond nanoseconds min mins minute minutes ' +
    'h hr hrs hour hours d day days hz khz mhz ghz bps kbps mbps gbps am pm',
);

const calendar = words(
  'mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday ' +
    'jan feb mar apr may jun jul aug sep oct nov dec january february march april june july august ' +
    'september october november december utc gmt z pst pdt est edt cst cdt mst mdt cet cest',
);

const truthValues = words('true false yes no on off null none');

/** Under which loggers write what happened. */
const messageKeys = words('msg message event error err exception');

/** Top-level domains that are no ends of anything else. */
const domains = words('com org net edu gov mil int arpa local localdomain internal lan');
const secondLevelDomains = words('com co ac edu org net gov or ne');

const sourceFiles = words('c h cc cpp java py js mjs ts go rb rs kt scala cs php pl lua swift');

const unitBeginnings = beginnings(units);
const calendarBeginnings = beginnings(calendar);
const domainBeginnings = beginnings(domains);

export function isUnit(text: string, start: number, end: number): boolean {
  return mayBe(unitBeginnings, text, start, end) && units.has(text.slice(start, end).toLowerCase());
}

/** `Mar`, `FRIDAY`, `UTC`: with a capital, since `may` and `sun` are common words. */
export function isCalendarWord(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (first < 0x41 || first > 0x5a || !mayBe(calendarBeginnings, text, start, end)) return false;
  return calendar.has(text.slice(start, end).toLowerCase());
}

export function isTruthValue(word: string): boolean {
  return truthValues.has(word.toLowerCase());
}

export function isMessageKey(word: string): boolean {
  return messageKeys.has(word.toLowerCase());
}

/** `mail.example.com`, `web.example.co.uk`: by its ending, for `java.lang.String` has dots as well. */
export function isHostName(text: string, start: number, end: number): boolean {
  const dot = lastDot(text, start, end);
  if (dot <= start) return false;
  if (mayBe(domainBeginnings, text, dot + 1, end)) {
    if (domains.has(text.slice(dot + 1, end).toLowerCase())) return true;
  }
  const before = lastDot(text, start, dot);
  return (
    end - dot === 3 &&
    before > start &&
    secondLevelDomains.has(text.slice(before + 1, dot).toLowerCase())
  );
}

/** `worker.py`, of a name with its place in the source: `worker.py:120`. */
export function isSourceFile(text: string, start: number, end: number): boolean {
  const dot = lastDot(text, start, end);
  return dot > start && sourceFiles.has(text.slice(dot + 1, end).toLowerCase());
}

/** -1 where there is none; never looks beyond `start`. */
function lastDot(text: string, start: number, end: number): number {
  for (let at = end - 1; at >= start; at--) {
    if (text.charCodeAt(at) === 0x2e) return at;
  }
  return -1;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** For each length of a word, a bit for each letter that one of that length begins with. */
function beginnings(set: ReadonlySet<string>): Int32Array {
  const bits = new Int32Array(1 + Math.max(...[...set].map((word) => word.length)));
  for (const word of set) bits[word.length] = (bits[word.length] ?? 0) | letterBit(word, 0);
  return bits;
}

/** Whether it is worth to take the word out of its line and look it up: it hardly ever is. */
function mayBe(bits: Int32Array, text: string, start: number, end: number): boolean {
  const chars = end - start;
  return chars < bits.length && ((bits[chars] as number) & letterBit(text, start)) !== 0;
}

/** Of 32 bits, one for a letter in either case. */
function letterBit(text: string, at: number): number {
  return 1 << (text.charCodeAt(at) & 0x1f);
}
