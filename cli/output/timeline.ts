/**
 * The outage as it unfolds, as a story that fits a screen or two: changes, incidents, and the health of
 * the services that users call or that an incident is about. What happens elsewhere, comes back by
 * itself or says the same again is folded; `--json` and the page have all of it.
 */
import type { HealthEvent, HealthState } from '../../engine/health/model.ts';
import type { IncidentEvent, IncidentSeverity } from '../../engine/incident/model.ts';
import type { RunEvents, SourceHeader } from '../../engine/replay/index.ts';
import type { Micros } from '../../engine/sdk/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { momentText } from '../../engine/wording.ts';
import { plural } from './format.ts';
import { momentsOf, type Moment } from './moments.ts';
import type { Paint, Tint } from './style.ts';

const severityMark: Record<IncidentSeverity, string> = {
  critical: '▲',
  high: '◆',
  medium: '■',
  low: '●',
};
const healthMark: Record<HealthState, { readonly mark: string; readonly tint: Tint }> = {
  healthy: { mark: '✓', tint: 'ok' },
  degraded: { mark: '◆', tint: 'high' },
  down: { mark: '▲', tint: 'critical' },
  unknown: { mark: '?', tint: 'unknown' },
};

type AlertFiring = Extract<IncidentEvent, { kind: 'alert-firing' }>;

interface Line {
  readonly mark: string;
  readonly tint: Tint;
  /** Who the line is about. */
  readonly subject: string;
  readonly text: string;
}

/** Columns for who a line is about: enough for most names, and the text needs the rest. */
const subjectColumnsMax = 26;
const subjectColumnsMin = 12;

export class Timeline {
  readonly #header: SourceHeader;
  readonly #paint: Paint;
  readonly #columns: number;
  readonly #from: Micros;
  readonly #subjectColumns: number;
  readonly #state = new Map<number, HealthEvent>();
  /** What a line has said last of a service that is unwell or unknown. */
  readonly #told = new Map<number, HealthEvent>();
  /** Services that were healthy at some time; null once a line has told of them all. */
  #seenHealthy: Set<number> | null = new Set();
  /** Open incidents with their services. */
  readonly #open = new Map<number, Set<number>>();
  readonly #severity = new Map<number, IncidentSeverity>();
  readonly #alertsTold = new Set<string>();

  /** `columns` is Infinity where lines are not cut; what happens before `from` is known and not told. */
  constructor(header: SourceHeader, paint: Paint, columns: number, from: Micros = 0) {
    this.#header = header;
    this.#paint = paint;
    this.#from = from;
    this.#columns = Math.max(60, columns);
    const longest = Math.max(...header.services.map((service) => service.name.length), 0);
    const most = columns < 110 ? 18 : subjectColumnsMax;
    this.#subjectColumns = Math.min(most, Math.max(subjectColumnsMin, longest));
  }

  /** Lines for what a range brought, in order of time. */
  lines(events: RunEvents): string[] {
    return momentsOf(events).flatMap((moment) => {
      const lines = this.#moment(moment);
      return moment.t < this.#from ? [] : lines.map((line) => this.#render(moment.t, line));
    });
  }

  /** What somebody does to the simulated world. */
  action(t: Micros, text: string): string {
    return this.#render(t, { mark: '▶', tint: 'accent', subject: 'action', text });
  }

  #moment({ t, changes, health, incidents }: Moment): Line[] {
    const joined = incidents.flatMap((event) => this.#join(event));
    const told = [
      ...this.#health(health),
      ...joined.flatMap((service) => this.#joining(service, t)),
    ];
    const lines = [...told, ...this.#incidents(incidents)];
    const begun = lines.length > 0 ? this.#beginning() : [];
    return [...changes.map((change) => this.#change(change)), ...begun, ...lines];
  }

  #change({ service, kind, note }: RunEvents['changes'][number]): Line {
    const text = `${kind}${note ? `: ${note}` : ''}`;
    return { mark: '△', tint: 'accent', subject: this.#name(service), text };
  }

  /** Keeps the open incidents; gives a service that joins one. */
  #join(event: IncidentEvent): number[] {
    const { incident } = event;
    if (event.kind === 'auto-resolved') this.#open.delete(incident);
    else if (!this.#open.has(incident)) this.#open.set(incident, new Set());
    if (event.kind !== 'service-affected') return [];
    this.#open.get(incident)?.add(event.service);
    return [event.service];
  }

  #isImportant(service: number): boolean {
    const isEntry = this.#header.services[service]?.entry ?? false;
    return isEntry || [...this.#open.values()].some((services) => services.has(service));
  }

  #health(events: readonly HealthEvent[]): Line[] {
    const lines: Line[] = [];
    const recovered: HealthEvent[] = [];
    const lost: HealthEvent[] = [];
    for (const event of events) {
      this.#state.set(event.service, event);
      if (event.state === 'unknown') lost.push(event);
      else if (event.state !== 'healthy') lines.push(...this.#joining(event.service, event.t));
      else {
        this.#seenHealthy?.add(event.service);
        if (this.#told.delete(event.service)) recovered.push(event);
      }
    }
    if (this.#seenHealthy?.size === this.#header.services.length) lines.push(...this.#beginning());
    return [...lines, ...this.#lost(lost), ...this.#together(recovered)];
  }

  /** That a service is unwell, where that matters at `t` and was not said; since when, if before. */
  #joining(service: number, t: Micros): Line[] {
    const event = this.#state.get(service);
    const isUnwell = event?.state === 'degraded' || event?.state === 'down';
    if (!event || !isUnwell || !this.#isImportant(service)) return [];
    if (this.#told.get(service) === event) return [];
    this.#told.set(service, event);
    return [this.#stateLine(event, t)];
  }

  /** Services of which nothing is known any more: one is told where it matters, many are counted. */
  #lost(events: readonly HealthEvent[]): Line[] {
    const matter = events.filter(({ service }) => this.#isImportant(service));
    // A hole in the recording, say: that they come back is no news either.
    if (events.length > 2) return this.#together(events);
    for (const event of matter) this.#told.set(event.service, event);
    return this.#together(matter);
  }

  /** Events of one moment that are alike make one line. */
  #together(events: readonly HealthEvent[]): Line[] {
    const [first] = events;
    if (!first) return [];
    if (events.length === 1) return [this.#stateLine(first)];
    const { state, reason } = first;
    const isSame = events.every((event) => event.reason === reason);
    return [
      {
        ...healthMark[state],
        subject: plural(events.length, 'service'),
        text: isSame ? `${state}: ${reason}` : state,
      },
    ];
  }

  #stateLine({ t, service, state, reason }: HealthEvent, now = t): Line {
    const since = t < now ? ` since ${momentText(t)}` : '';
    const text = `${state}${since}: ${reason}`;
    return { ...healthMark[state], subject: this.#name(service), text };
  }

  /** How it began: once, before the first thing that happens. */
  #beginning(): Line[] {
    const healthy = this.#seenHealthy?.size ?? 0;
    const all = this.#header.services.length;
    this.#seenHealthy = null;
    if (healthy === 0) return [];
    const text =
      healthy < all
        ? `${healthy} of ${all} services healthy`
        : `${all > 1 ? `all ${all} services` : 'the one service'} healthy`;
    return [{ ...healthMark.healthy, subject: 'health', text }];
  }

  #incidents(events: readonly IncidentEvent[]): Line[] {
    const ids = [...new Set(events.map((event) => event.incident))];
    return ids.flatMap((id) => {
      const own = events.filter((event) => event.incident === id);
      const said = this.#turns(id, own);
      return [...said, ...this.#alerts(own, said.map((line) => line.text).join('\n'))];
    });
  }

  /** What changed about an incident itself. */
  #turns(incident: number, events: readonly IncidentEvent[]): Line[] {
    const lines: Line[] = [];
    const subject = `incident ${incident}`;
    const title = events.findLast((event) => event.kind === 'title-changed')?.title;
    const say = (text: string) => {
      const severity = this.#severity.get(incident) ?? 'low';
      lines.push({ mark: severityMark[severity], tint: severity, subject, text });
    };
    for (const event of events) {
      if (event.kind === 'opened') {
        this.#severity.set(incident, event.severity);
        say(`opened, ${event.severity}: ${title ?? event.title}`);
      } else if (event.kind === 'severity-changed') {
        this.#severity.set(incident, event.severity);
        say(`now ${event.severity}: ${title ?? event.reason}`);
      } else if (event.kind === 'reopened') {
        lines.push({ mark: '◆', tint: 'high', subject, text: `reopened: ${event.reason}` });
      } else if (event.kind === 'auto-resolved') {
        lines.push({ mark: '✓', tint: 'ok', subject, text: `resolved: ${event.reason}` });
      }
    }
    const isTold = title === undefined || lines.some((line) => line.text.endsWith(title));
    if (!isTold) say(title);
    return lines;
  }

  /** Alerts that fire for the first time, one line for a detector and service; the title says one. */
  #alerts(events: readonly IncidentEvent[], said: string): Line[] {
    const groups = new Map<string, AlertFiring[]>();
    for (const event of events) {
      if (event.kind !== 'alert-firing') continue;
      const key = `${event.incident} ${event.fingerprint}`;
      if (this.#alertsTold.has(key)) continue;
      this.#alertsTold.add(key);
      const group = `${event.detector} ${event.service}`;
      groups.set(group, [...(groups.get(group) ?? []), event]);
    }
    return [...groups.values()].flatMap((group) => {
      const [first, ...others] = group.sort((a, b) => b.score - a.score);
      const sentence = first?.body.replace(/\.$/, '').split('; ', 1)[0] ?? '';
      if (!first || (others.length === 0 && said.endsWith(sentence))) return [];
      const more = others.length > 0 ? ` (+${others.length} more series)` : '';
      const text = `${first.body}${more}`;
      return [{ mark: '·', tint: 'dim', subject: printable(first.detector), text }];
    });
  }

  #render(t: Micros, { mark, tint, subject, text }: Line): string {
    const head = `${momentText(t).padEnd(9)} `;
    const isCut = this.#columns < Infinity;
    const name = (isCut ? fit(subject, this.#subjectColumns) : subject).padEnd(
      this.#subjectColumns,
    );
    const room = this.#columns - head.length - name.length - 4;
    const cut = fit(printable(text), room);
    const dim = tint === 'dim';
    return `${this.#paint('dim', head)}${this.#paint(tint, mark)} ${this.#paint(dim ? 'dim' : 'bold', name)} ${dim ? this.#paint('dim', cut) : cut}`;
  }

  #name(service: number): string {
    return printable(this.#header.services[service]?.name ?? '?');
  }
}

/** Cut to `columns`, not behind a separator: `servi-lista…` and never `servi-lista.…`. */
function fit(text: string, columns: number): string {
  if (text.length <= columns) return text;
  return `${text.slice(0, Math.max(columns - 1, 1)).replace(/[\s.,:;_/-]+$/, '')}…`;
}
