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

const unitCharsMax = longest(units);
const calendarCharsMax = longest(calendar);

export function isUnit(text: string, start: number, end: number): boolean {
  return end - start <= unitCharsMax && units.has(text.slice(start, end).toLowerCase());
}

/** `Mar`, `FRIDAY`, `UTC`: with a capital, since `may` and `sun` are common words. */
export function isCalendarWord(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (first < 0x41 || first > 0x5a || end - start > calendarCharsMax) return false;
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
  const labels = text.slice(start, end).toLowerCase().split('.');
  const [secondLast = '', last = ''] = labels.slice(-2);
  if (labels.length < 2 || labels.includes('')) return false;
  return domains.has(last) || (last.length === 2 && secondLevelDomains.has(secondLast));
}

/** `worker.py`, of a name with its place in the source: `worker.py:120`. */
export function isSourceFile(text: string, start: number, end: number): boolean {
  const dot = text.lastIndexOf('.', end - 1);
  return dot > start && sourceFiles.has(text.slice(dot + 1, end).toLowerCase());
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

function longest(set: ReadonlySet<string>): number {
  return Math.max(...[...set].map((word) => word.length));
}
