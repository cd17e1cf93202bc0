/** What every kind of card starts from. */
import { Citations, type Cite } from './citations.ts';
import type { HealthFact, RunFacts, SeriesFact } from './facts.ts';
import type { Focus } from './focus.ts';
import type { InsightCard, InsightCategory, InsightText } from './model.ts';
import { momentText } from '../wording.ts';
import { strengthOf } from './strength.ts';

export interface Scene {
  readonly facts: RunFacts;
  readonly focus: Focus;
}

/** A card being written: its text, and the rows it cites. */
export interface Draft {
  readonly cites: Citations;
  readonly text: (string | Cite)[];
}

export function newDraft(scene: Scene): Draft {
  return { cites: new Citations(scene.facts), text: [] };
}

export function finishCard(
  scene: Scene,
  draft: Draft,
  about: {
    readonly category: InsightCategory;
    readonly title: string;
    readonly service: number;
    readonly effect: number;
    readonly weight?: number;
  },
): InsightCard {
  const { category, title, service, effect, weight = 1 } = about;
  const { evidence } = draft.cites;
  const isOrigin = unwellCallees(scene, service).length === 0;
  return {
    category,
    title,
    text: joined(draft.text),
    service: nameOf(scene, service),
    ...strengthOf({ effect, evidence, isOrigin, weight }),
    evidence,
  };
}

export function nameOf(scene: Scene, service: number): string {
  return scene.facts.services[service]?.name ?? '';
}

/** The first sign in the focus that a service was degraded or down; null where it was not. */
export function unwellSign(scene: Scene, service: number): HealthFact | null {
  const { span } = scene.focus;
  const events = scene.facts.healthEvents(service, { from: 0, to: span.to });
  const isUnwell = (event: HealthFact | undefined) =>
    event?.state === 'degraded' || event?.state === 'down';
  const within = events.find((event) => event.t >= span.from && isUnwell(event));
  const standing = events.findLast((event) => event.t < span.from);
  return within ?? (standing && isUnwell(standing) ? standing : null);
}

export function unwellCallees(scene: Scene, service: number): number[] {
  const callees = scene.facts.callees(service);
  return callees.filter((callee) => callee !== service && unwellSign(scene, callee) !== null);
}

export function seriesWithRole(
  scene: Scene,
  service: number,
  role: SeriesFact['role'],
): SeriesFact[] {
  return scene.facts.series(service).filter((series) => series.role === role);
}

/**
 * Says what health and the first detector said of the service, with their rows. Only within an
 * incident is a first finding the first: the span of a mere look back moves with the playhead.
 */
export function addWitnesses(scene: Scene, draft: Draft, service: number): void {
  const sign = unwellSign(scene, service);
  const { episode, span } = scene.focus;
  const finding = scene.facts.firstFinding(service, episode ?? span);
  if (finding) {
    draft.text.push(episode ? ' First noticed by ' : ' Noticed by ');
    draft.text.push(`${finding.detector} at ${momentText(finding.t)} `);
    draft.text.push(draft.cites.finding(finding), sign ? ', ' : '.');
  }
  if (sign) {
    draft.text.push(finding ? 'found ' : ' By health it was found ');
    draft.text.push(`${sign.state} at ${momentText(sign.t)} `);
    draft.text.push(draft.cites.health(service, sign), '.');
  }
}

function joined(text: readonly (string | Cite)[]): InsightText {
  const out: (string | Cite)[] = [];
  for (const piece of text) {
    const last = out.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') out[out.length - 1] = last + piece;
    else out.push(piece);
  }
  return out;
}
