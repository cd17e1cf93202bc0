/**
 * Strength of a card: 0.45 · effect + 0.25 · evidence + 0.30 · origin, times the weight of its kind.
 * It orders cards; it is not a probability and not calibrated.
 * - effect: how far the figure is beyond its limit: 0 at the limit, 1 at ten times the limit, or for
 *   a share of a bounded resource 1 at its end
 * - evidence: independent kinds of rows cited (sample, log, change, finding, health), of four
 * - origin: 1 where no callee is unwell, 0.3 where the trouble may be inherited from one
 */
import type { Evidence, InsightCard } from './model.ts';

export interface StrengthInput {
  /** 0–1; see `beyondLimit`. */
  readonly effect: number;
  readonly evidence: readonly Evidence[];
  readonly isOrigin: boolean;
  /** 1 for trouble; less for a hint. */
  readonly weight?: number;
}

export function strengthOf(input: StrengthInput): Pick<InsightCard, 'strength' | 'parts'> {
  const effect = clamp(input.effect);
  const evidence = clamp(new Set(input.evidence.map((row) => row.kind)).size / 4);
  const origin = input.isOrigin ? 1 : 0.3;
  const parts = [
    { name: 'effect', value: round(effect) },
    { name: 'evidence', value: round(evidence) },
    { name: 'origin', value: origin },
  ];
  const weight = input.weight ?? 1;
  if (weight !== 1) parts.push({ name: 'weight', value: weight });
  return { strength: round(weight * (0.45 * effect + 0.25 * evidence + 0.3 * origin)), parts };
}

/** 0 at the limit, 1 at ten times the limit. */
export function beyondLimit(figure: number, limit: number): number {
  return clamp(Math.log10(Math.max(1, figure / limit)));
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
