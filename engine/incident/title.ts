/**
 * The title of an incident, in plain words from the strongest evidence: what is wrong with the
 * likely origin, which is the deepest service with symptoms. Hysteresis keeps it from flapping.
 */
import type { HealthProblem } from '../health/index.ts';
import type { Micros } from '../sdk/index.ts';
import { secondsText, shareText } from '../wording.ts';
import type { AlertState } from './alerts.ts';
import { incidentPolicy as policy } from './policy.ts';
import { isUnwell, type World } from './world.ts';

export interface Title {
  readonly text: string;
  /** What it is about; another key is another title, not a new figure. */
  readonly key: string;
  /** Health, which users feel, outranks what a detector says. */
  readonly rank: 'alert' | 'health';
  /** The figure in the text; grows as things get worse. */
  readonly figure: number;
}

export interface TitleState {
  current: Title;
  since: Micros;
  /** A different title that is waiting to prove itself. */
  next: { readonly key: string; readonly since: Micros } | null;
}

/** The best title now; null where there is neither an unwell service nor an alert. */
export function proposeTitle(
  world: World,
  services: readonly number[],
  firing: readonly string[],
): Title | null {
  const alerts = firing.flatMap((fingerprint) => world.alerts.get(fingerprint) ?? []);
  const symptoms = alerts.filter((alert) => isSymptom(world, alert));
  const origin = likelyOrigin(world, services, symptoms);
  const problem = origin === null ? null : (world.health[origin]?.problem ?? null);
  if (origin !== null && problem) {
    const { text, figure } = inWords(world.names[origin] ?? '', problem);
    return { text, key: `${origin} ${problem.kind}`, rank: 'health', figure };
  }
  // Below every service that users feel to be unwell lies one with symptoms of its own.
  const isFelt = services.some((service) => isUnwell(world, service));
  const own = isFelt ? strongest(symptoms.filter(({ service }) => service === origin)) : null;
  if (own) return { ...inItsWords(world, own), rank: 'health' };
  const alert = strongest(alerts);
  return alert ? inItsWords(world, alert) : null;
}

function inItsWords(world: World, alert: AlertState): Title {
  const name = alert.service === null ? '' : (world.names[alert.service] ?? '');
  // What comes after a semicolon is detail, a limit say.
  const body = alert.body.replace(/[.\s]+$/, '').split('; ', 1)[0] ?? '';
  const text = body.includes(name) ? body : `${name}: ${body}`;
  return { text: clip(text), key: alert.fingerprint, rank: 'alert', figure: alert.score };
}

/** The title to show after `proposed` came up at `now`; changes `state`. Returns it when it is new. */
export function settleTitle(state: TitleState, proposed: Title | null, now: Micros): string | null {
  const { current } = state;
  if (!proposed || (proposed.rank === 'alert' && current.rank === 'health')) {
    state.next = null;
    return null;
  }
  const rested = now - state.since >= policy.titleUs;
  if (proposed.rank === 'health' && current.rank === 'alert') return adopt(state, proposed, now);
  if (proposed.key === current.key) {
    state.next = null;
    const grown = proposed.figure >= policy.titleFigureFactor * current.figure;
    return grown && rested ? adopt(state, proposed, now) : null;
  }
  if (state.next?.key !== proposed.key) state.next = { key: proposed.key, since: now };
  const proven = now - state.next.since >= policy.titleUs;
  return proven && rested ? adopt(state, proposed, now) : null;
}

/** Sure, and about harm. */
function isSymptom(world: World, { series, service, score }: AlertState): boolean {
  if (service === null || score < policy.openScore) return false;
  return series === null || (world.isSymptom[series] ?? false);
}

/** Of the services with symptoms none of whose own callees has any, the one that explains most others. */
function likelyOrigin(
  world: World,
  services: readonly number[],
  symptoms: readonly AlertState[],
): number | null {
  const alerting = new Set(symptoms.map((alert) => alert.service));
  const isIll = (service: number) => isUnwell(world, service) || alerting.has(service);
  const ill = services.filter(isIll);
  const deepest = ill.filter((service) => !world.callees[service]?.some(isIll));
  // A ring of services that call each other has no deepest one.
  const origins = deepest.length > 0 ? deepest : ill;
  const isDown = (service: number) => world.health[service]?.lastKnown === 'down';
  const ranked = origins.map((service) => ({
    service,
    rank:
      4 * explained(world, ill, service) +
      (isDown(service) ? 2 : 0) +
      (isUnwell(world, service) ? 1 : 0),
  }));
  return ranked.reduce((best, next) => (next.rank > best.rank ? next : best), none).service;
}

const none: { readonly service: number | null; readonly rank: number } = {
  service: null,
  rank: -1,
};

/** How many services with symptoms call this one, directly or through others with symptoms. */
function explained(world: World, ill: readonly number[], origin: number): number {
  const reached = new Set([origin]);
  for (const service of reached) {
    for (const caller of ill) if (world.callees[caller]?.includes(service)) reached.add(caller);
  }
  return reached.size - 1;
}

function strongest(alerts: readonly AlertState[]): AlertState | null {
  return alerts.reduce<AlertState | null>(
    (best, alert) => (best && best.score >= alert.score ? best : alert),
    null,
  );
}

function inWords(name: string, problem: HealthProblem): { text: string; figure: number } {
  switch (problem.kind) {
    case 'errors':
      return {
        text: `${name} fails ${shareText(problem.ratio)} of requests`,
        figure: problem.ratio,
      };
    case 'slow': {
      const text = `${name} is slow (${problem.name} ${secondsText(problem.seconds)})`;
      return { text, figure: problem.seconds };
    }
    case 'error-logs': {
      const text = `${name} logs errors (${shareText(problem.share)} of its lines)`;
      return { text, figure: problem.share };
    }
    default:
      return problem satisfies never;
  }
}

function adopt(state: TitleState, title: Title, now: Micros): string | null {
  const before = state.current.text;
  state.current = title;
  state.since = now;
  state.next = null;
  return title.text === before ? null : title.text;
}

/** Cut at a word, so that no number is cut into another one. */
function clip(text: string): string {
  if (text.length <= policy.titleCharsMax) return text;
  const cut = text.slice(0, policy.titleCharsMax);
  const words = /^(.+)\s/s.exec(cut)?.[1] ?? cut.slice(0, -1);
  return `${words.replace(/[\s,;:]+$/, '')}…`;
}
