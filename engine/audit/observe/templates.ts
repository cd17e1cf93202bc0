/** Error lines by what stays the same in them: which ones are new since the trouble began. */
import { limits } from '../../limits.ts';
import { messageOf } from '../../log-message.ts';
import { severityNumbers, type Micros } from '../../sdk/index.ts';
import { auditPolicy as policy } from '../policy.ts';
import type { RecordObserver } from '../records.ts';

export interface NewTemplate {
  readonly service: number;
  readonly template: string;
  readonly firstAt: Micros;
  readonly count: number;
  /** First of the lines that came so close together that it is no accident; null where none did. */
  readonly burstAt: Micros | null;
}

/** What of a line is compared; the rest of a long one says nothing new. */
const templateCharsMax = 200;

/**
 * The line's message without its numbers, identifiers and quoted words, which are users' as a rule. A stack trace below it tells where, not what.
 */
export function templateOf(body: string): string {
  const message = messageOf(body);
  const end = message.indexOf('\n');
  return message
    .slice(0, Math.min(end < 0 ? message.length : end, 2 * templateCharsMax))
    .replace(/"[^"]*"/g, '"#"')
    .replace(/\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, '#')
    .replace(/\d+/g, '#')
    .slice(0, templateCharsMax);
}

export interface TemplateWatch {
  readonly observer: RecordObserver;
  /** New templates of errors, in the order of their first line. */
  readonly newTemplates: () => readonly NewTemplate[];
}

interface Growing {
  readonly service: number;
  readonly template: string;
  readonly firstAt: Micros;
  count: number;
  burstAt: Micros | null;
  readonly recent: Micros[];
}

/** @param since what anybody said before is not new */
export function watchTemplates(since: Micros): TemplateWatch {
  const known = new Set<string>();
  const found = new Map<string, Growing>();
  return {
    observer: {
      log(t, service, severity, body) {
        if (severity < severityNumbers.error) return;
        const template = templateOf(body);
        if (t < since) {
          if (known.size < limits.auditTemplatesMax) known.add(template);
          return;
        }
        if (!known.has(template)) count(found, { t, service, template });
      },
    },
    newTemplates: () => [...found.values()].map(({ recent: _, ...template }) => template),
  };
}

function count(
  found: Map<string, Growing>,
  line: { readonly t: Micros; readonly service: number; readonly template: string },
): void {
  const { t, service, template } = line;
  const key = `${service}\0${template}`;
  let growing = found.get(key);
  if (!growing) {
    if (found.size === limits.auditTemplatesMax) return;
    growing = { service, template, firstAt: t, count: 0, burstAt: null, recent: [] };
    found.set(key, growing);
  }
  growing.count++;
  if (growing.burstAt !== null) return;
  growing.recent.push(t);
  if (growing.recent.length < policy.burstLines) return;
  const first = growing.recent.shift() ?? t;
  if (t - first <= policy.burstLinesUs) growing.burstAt = first;
}
