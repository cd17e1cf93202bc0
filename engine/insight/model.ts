/** An insight: a claim about an incident or the run, with the rows that carry it. */
import type { Micros } from '../sdk/index.ts';

export const insightCategories = [
  'memory-leak',
  'traffic-anomaly',
  'latency',
  'error-spike',
  'saturation',
  'dependency',
  'data-store',
  'network',
  'deploy-regression',
  'configuration',
  'certificate',
  'performance',
  'none',
] as const;
export type InsightCategory = (typeof insightCategories)[number];

/** A row of the run file that an insight cites; at or before the playhead. */
export type Evidence = {
  /** `E1`, `E2` … within one card. */
  readonly id: string;
  readonly t: Micros;
  readonly service: string | null;
  /** What the row says, in one line. */
  readonly text: string;
} & (
  | { readonly kind: 'log'; readonly k: number }
  | { readonly kind: 'sample'; readonly series: number; readonly value: number }
  | { readonly kind: 'change'; readonly k: number }
  | { readonly kind: 'finding'; readonly k: number }
  | { readonly kind: 'health'; readonly k: number }
);

/** A piece of a card's text: plain, or a citation of one evidence. */
export type InsightText = readonly (string | { readonly cite: string })[];

export interface InsightCard {
  readonly category: InsightCategory;
  readonly title: string;
  readonly text: InsightText;
  /** Service the card is about, by name. */
  readonly service: string | null;
  /** 0–1, how strong the signal is; not a probability, not calibrated. */
  readonly strength: number;
  /** What the strength is made of; each 0–1. */
  readonly parts: readonly { readonly name: string; readonly value: number }[];
  readonly evidence: readonly Evidence[];
}
