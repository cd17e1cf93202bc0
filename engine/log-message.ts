/**
 * What a log line says, without the envelope that repeats its time, level and service: those stand
 * in columns of their own beside it. The envelopes are the common ones (JSON of pino or bunyan,
 * logfmt, patterns of logback, log4j and Python, PostgreSQL, Redis, nginx, Envoy, klog); a line of any
 * other form stays whole.
 * Every pattern is anchored and bounded, because lines come from strangers.
 */

/** The part of a line that people read first; never empty where the line is not. */
export function messageOf(line: string): string {
  const said = line.startsWith('{') ? fromJson(line) : (fromLogfmt(line) ?? fromText(line));
  return said === null || said.trim() === '' ? line : said;
}

/** Fields that say again what the columns say, or tell one line from another only for machines. */
const envelope = new Set(
  'time timestamp ts @timestamp level lvl severity severity_text hostname host pid name v logger logger_name thread thread_name service trace_id traceid span_id spanid'.split(
    ' ',
  ),
);
const messageKeys = ['msg', 'message', 'body', 'event', 'log'];
/** Beyond these a row is full anyway. */
const fieldsMax = 12;

type Field = readonly [name: string, value: string];

function fromJson(line: string): string | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    // Cut lines and half-JSON are no JSON; what can be read of the message still counts.
    return /"(?:msg|message)" ?: ?"((?:[^"\\]|\\.){1,2000})/.exec(line)?.[1] ?? null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const fields = Object.entries(parsed).map(([name, value]): Field => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return compose(fields);
}

function fromLogfmt(line: string): string | null {
  if (!/^[\w.@-]{1,64}=/.test(line)) return null;
  const pair = /([\w.@-]{1,64})=(?:"((?:[^"\\]|\\.){0,4000})"|(\S*))(?:\s+|$)/y;
  const fields: Field[] = [];
  while (pair.lastIndex < line.length) {
    const found = pair.exec(line);
    if (!found) return null;
    const [, name = '', quoted, bare = ''] = found;
    fields.push([name, quoted === undefined ? bare : quoted.replace(/\\(["\\])/g, '$1')]);
  }
  return compose(fields);
}

/** The message, then the fields that add something to it. */
function compose(fields: readonly Field[]): string | null {
  const key = messageKeys.find((name) => fields.some(([own]) => own === name));
  const message = fields.find(([name]) => name === key)?.[1];
  if (message === undefined || message === '') return null;
  const rest = fields
    .filter(([name]) => name !== key && !envelope.has(name.toLowerCase()))
    .slice(0, fieldsMax)
    .map(([name, value]) => `${name}=${/\s/.test(value) ? JSON.stringify(value) : value}`);
  return [message, ...rest].join(' ');
}

const level = '(?:TRACE|DEBUG|INFO|NOTICE|LOG|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|PANIC)';
const clock = '\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?';
const zone = '(?: ?(?:Z|UTC|GMT|[+-]\\d{2}:?\\d{2}))?';
const stamp = new RegExp(
  `^(?:\\[?\\d{4}[-/]\\d{2}[-/]\\d{2}[T ]${clock}${zone}\\]?|[A-Z][a-z]{2} [ \\d]\\d ${clock}|${clock}|\\d{1,7}:[A-Z] \\d{2} [A-Z][a-z]{2} \\d{4} ${clock} [.*#-])[ \\t:,-]{1,4}`,
);
/** `INFO 7 --- [exec-1] c.s.checkout : ` and `[exec-1] INFO c.s.Checkout - `. */
const pattern = new RegExp(
  `^(?:${level} {1,3})?(?:\\d{1,7} --- )?(?:\\[[^\\]]{0,80}\\] {1,3}){0,2}(?:${level} {1,3})?[\\w.$/-]{1,120} {1,40}[:-] {1,3}`,
);
/** What stands where a time was: `ERROR [12] checkout.views: ` of Python, `[error] 30#30: *812 ` of nginx. */
const python = new RegExp(`^${level} {1,3}\\[\\d{1,9}\\] {1,3}[\\w.-]{1,120}: {1,3}`);
const nginx = /^\[\w{1,10}\] \d{1,9}#\d{1,9}: (?:\*\d{1,12} )?/;
/** Envoy and the collector of Java put all in brackets; klog its letter first. */
const bracketed = new RegExp(
  `^\\[\\d{4}-\\d{2}-\\d{2}[T ]${clock}${zone}\\](?:\\[[\\w.-]{1,40}\\]){1,4} `,
);
const klog = new RegExp(`^[DIWEF]\\d{4} ${clock} {1,9}\\d{1,9} [\\w.-]{1,80}:\\d{1,6}\\] `);
const postgres = new RegExp(`^\\[\\d{1,9}\\] (?:[\\w.@-]{1,120} )?${level}: {1,3}`);
const levelAlone = new RegExp(`^(?:\\[${level}\\]:?|${level}:?) {1,4}`);

function fromText(line: string): string {
  for (const whole of [bracketed, klog]) {
    const rest = line.replace(whole, '');
    if (rest !== line) return rest;
  }
  const text = line.replace(stamp, '');
  if (text === line) return line.replace(levelAlone, '');
  for (const prefix of [postgres, python, nginx, pattern, levelAlone]) {
    const rest = text.replace(prefix, '');
    if (rest !== text) return rest;
  }
  return text;
}
