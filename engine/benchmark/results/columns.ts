/** Between outcomes and the columns of a cell. */
import type { EntryCost, EntryOutcome, OutageOutcome } from '../model.ts';

export interface CellRow {
  readonly item: string;
  readonly seed: number;
  readonly kind: EntryOutcome['kind'];
  readonly cost: string;
  readonly outcome: string | null;
  readonly first: Buffer;
  readonly second: Buffer;
}

export function columnsOf(outcome: EntryOutcome) {
  if (outcome.kind === 'series') {
    return { first: bytes(outcome.scores), second: bytes(outcome.alertScores), rest: null };
  }
  const { findings, opened, findingCount } = outcome;
  const rest = JSON.stringify({ opened, findingCount });
  return { first: bytes(findings.timesUs), second: bytes(findings.scores), rest };
}

export function outcomeOf({ kind, cost: costText, outcome, first, second }: CellRow): EntryOutcome {
  const cost = parsed<EntryCost>(costText);
  if (kind === 'series')
    return { kind, scores: doubles(first), alertScores: doubles(second), cost };
  const rest = parsed<Pick<OutageOutcome, 'opened' | 'findingCount'>>(outcome ?? '{}');
  const findings = { timesUs: doubles(first), scores: doubles(second) };
  return { kind, ...rest, findings, cost };
}

export function bytes(values: Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** A copy: the bytes of a row may lie at any offset. */
export function doubles(blob: Buffer): Float64Array {
  return new Float64Array(new Uint8Array(blob).buffer);
}

/** The parse boundary: we wrote it, and the file says that it is ours. */
export function parsed<T>(json: string): T {
  return JSON.parse(json) as T;
}
