/** What a template says, without its envelope: it has `<*>` where a line's numbers and times are. */
import { messageOf } from '../log-message.ts';

const stamp = /^(?:\[?<\*>\]?[ ,:]*)+/;
const level = '(?:TRACE|DEBUG|INFO|NOTICE|LOG|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|PANIC)';
/** `<*> ERROR [<*>] c.s.checkout : ` and `<*> app@orders-db LOG: `. */
const pattern = new RegExp(
  `^(?:${level} {1,3}(?:\\[[^\\]]{0,80}\\] {1,3})?[\\w.$/-]{1,120} {0,3}: {1,3}|[\\w.@-]{1,120} ${level}: {1,3}|${level} {1,3}(?:\\[[^\\]]{0,80}\\] {1,3})?)`,
);

/** Never empty where the template is not. */
export function messageOfTemplate(text: string): string {
  // JSON has quotes around what varies; a bare `<*>` is no JSON.
  if (text.startsWith('{')) return messageOf(text.replaceAll(/:<\*>(?=[,}])/g, ':"<*>"'));
  const said = messageOf(text);
  if (said !== text) return said;
  const rest = text.replace(stamp, '').replace(pattern, '');
  return rest.trim() === '' ? text : rest;
}
