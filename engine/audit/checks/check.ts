/** What all checks share: where they look, and what they answer. */
import { momentText } from '../../wording.ts';
import type { SourceHeader } from '../../replay/source.ts';
import type { Check } from '../../scenario/model.ts';
import type { Micros } from '../../sdk/index.ts';
import type { RecordObserver } from '../records.ts';

export interface CheckContext {
  readonly header: SourceHeader;
  /** null where nothing is broken: then what comes before a check's window is its baseline. */
  readonly firstFaultAt: Micros | null;
}

/** A check on its way through the records. */
export interface CheckProbe {
  readonly observer: RecordObserver;
  readonly result: () => CheckResult;
}

export interface CheckResult {
  readonly pass: boolean;
  /** What was looked for and what there is, in one line. */
  readonly says: string;
  /** The measured number: a statistic, or how many records match; null where there is nothing. */
  readonly value: number | null;
  /** Records that it rests on. */
  readonly records: number;
  readonly stream: Check['stream'];
  /** Two checks of one source are one piece of evidence: (stream, service, what). */
  readonly evidence: string;
}

export function serviceIndex({ header }: CheckContext, service: string): number {
  return header.services.findIndex(({ name }) => name === service);
}

/** Half open, as all windows are. */
export function isWithin({ from, to }: Check, t: Micros): boolean {
  return t >= from && t < to;
}

export function windowText({ from, to }: Check): string {
  return `${momentText(from)}–${momentText(to)}`;
}

export function evidenceOf(check: Check, what: string): string {
  return [check.stream, check.service, what].join('\0');
}
