/** How many log lines, spans or changes of a service in a window contain a text. */
import { changeKinds, type Micros } from '../../sdk/index.ts';
import type { Check } from '../../scenario/model.ts';
import type { ObservedChange, ObservedSpan, RecordObserver } from '../records.ts';
import {
  evidenceOf,
  isWithin,
  serviceIndex,
  windowText,
  type CheckContext,
  type CheckProbe,
} from './check.ts';

export type CountCheck = Exclude<Check, { readonly stream: 'metric' }>;

export function countProbe(check: CountCheck, context: CheckContext): CheckProbe {
  const service = serviceIndex(context, check.service);
  let count = 0;
  let looked = 0;
  const take = (t: Micros, of: number, matches: () => boolean): void => {
    if (of !== service || !isWithin(check, t)) return;
    looked++;
    if (matches()) count++;
  };
  return {
    observer: observerOf(check, take),
    result() {
      const { atLeast, atMost } = bounds(check);
      return {
        pass: service >= 0 && count >= atLeast && count <= atMost,
        says: `${check.service}: ${matchText(check, count)} in ${windowText(check)}, of ${looked}; expected ${boundsText(atLeast, atMost)}`,
        value: count,
        records: count,
        stream: check.stream,
        evidence: evidenceOf(check, whatOf(check)),
      };
    },
  };
}

function observerOf(
  check: CountCheck,
  take: (t: Micros, service: number, matches: () => boolean) => void,
): RecordObserver {
  switch (check.stream) {
    case 'log':
      return {
        log: (t, service, _severity, body) => take(t, service, () => body.includes(check.contains)),
      };
    case 'span':
      return { span: (t, service, span) => take(t, service, () => spanHas(span, check.contains)) };
    case 'change': {
      const kind = check.change === null ? null : changeKinds.indexOf(check.change);
      return {
        change: (t, service, change) =>
          take(t, service, () => {
            const isKind = kind === null || change.kind === kind;
            return isKind && changeHas(change, check.contains);
          }),
      };
    }
    default:
      return check satisfies never;
  }
}

/** The attributes tell what came of a span, and which version a deploy brought. */
function spanHas({ name, attributes }: ObservedSpan, text: string): boolean {
  return name.includes(text) || attributes.includes(text);
}

function changeHas({ note, attributes }: ObservedChange, text: string): boolean {
  return note.includes(text) || attributes.includes(text);
}

function bounds(check: CountCheck): { readonly atLeast: number; readonly atMost: number } {
  return check.stream === 'change' ? { atLeast: 1, atMost: Infinity } : check;
}

function boundsText(atLeast: number, atMost: number): string {
  if (atMost === Infinity) return `at least ${atLeast}`;
  if (atLeast === atMost) return String(atLeast);
  return atLeast === 0 ? `at most ${atMost}` : `${atLeast} to ${atMost}`;
}

const nouns = { log: 'log line', span: 'span', change: 'change' } as const;

function matchText(check: CountCheck, count: number): string {
  const noun = `${nouns[check.stream]}${count === 1 ? '' : 's'}`;
  const kind = check.stream === 'change' && check.change !== null ? `${check.change} ` : '';
  const text = check.contains === '' ? '' : ` with "${check.contains}"`;
  return `${count} ${kind}${noun}${text}`;
}

function whatOf(check: CountCheck): string {
  return check.stream === 'change' ? `${check.change ?? ''} ${check.contains}` : check.contains;
}
