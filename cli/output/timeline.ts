/** The outage as it unfolds, one line an event: changes, health, alerts and incidents on one timeline. */
import type { HealthState } from '../../engine/health/model.ts';
import type { IncidentEvent, IncidentSeverity } from '../../engine/incident/model.ts';
import type { RunEvents, SourceHeader } from '../../engine/replay/index.ts';
import type { Micros } from '../../engine/sdk/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { scenarioTime } from './format.ts';
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

interface Line {
  readonly t: Micros;
  readonly mark: string;
  readonly tint: Tint;
  /** Who the line is about. */
  readonly subject: string;
  readonly text: string;
}

export class Timeline {
  readonly #services: readonly string[];
  readonly #paint: Paint;
  readonly #columns: number;
  /** First moments at which a service was seen healthy: one line tells them all. */
  #quietStart: Set<number> | null = new Set();
  readonly #severity = new Map<number, IncidentSeverity>();

  constructor(header: SourceHeader, paint: Paint, columns: number) {
    this.#services = header.services.map((service) => printable(service.name));
    this.#paint = paint;
    this.#columns = Math.max(60, columns);
  }

  /** Lines for what a range brought, in order of time. */
  lines(events: RunEvents): string[] {
    const lines: Line[] = [
      ...events.changes.map((change) => ({
        t: change.t,
        mark: '△',
        tint: 'accent' as const,
        subject: this.#name(change.service),
        text: `${change.kind}${change.note ? `: ${change.note}` : ''}`,
      })),
      ...together(events.healthEvents.flatMap((event) => this.#health(event))),
      ...events.incidentEvents.flatMap((event) => this.#incident(event)),
    ];
    return lines.sort((a, b) => a.t - b.t).map((line) => this.#render(line));
  }

  #health(event: RunEvents['healthEvents'][number]): Line[] {
    const { t, service, state, reason } = event;
    const { mark, tint } = healthMark[state];
    if (this.#quietStart) {
      if (state === 'healthy' && !this.#quietStart.has(service)) {
        this.#quietStart.add(service);
        if (this.#quietStart.size < this.#services.length) return [];
        this.#quietStart = null;
        const all = `all ${this.#services.length} services healthy`;
        return [{ t, mark, tint, subject: 'health', text: all }];
      }
      if (state === 'unknown') return [];
      this.#quietStart = null;
    }
    return [{ t, mark, tint, subject: this.#name(service), text: `${state}: ${reason}` }];
  }

  #incident(event: IncidentEvent): Line[] {
    const { t, incident } = event;
    const subject = `incident ${incident}`;
    switch (event.kind) {
      case 'opened':
        this.#severity.set(incident, event.severity);
        return [
          this.#severe(t, event.severity, subject, `opened, ${event.severity}: ${event.title}`),
        ];
      case 'severity-changed':
        this.#severity.set(incident, event.severity);
        return [this.#severe(t, event.severity, subject, `now ${event.severity}: ${event.reason}`)];
      case 'alert-firing':
        return [
          { t, mark: '·', tint: 'dim', subject: printable(event.detector), text: event.body },
        ];
      case 'title-changed': {
        const severity = this.#severity.get(incident) ?? 'low';
        return [this.#severe(t, severity, subject, event.title)];
      }
      case 'auto-resolved':
        return [{ t, mark: '✓', tint: 'ok', subject, text: `resolved: ${event.reason}` }];
      case 'reopened':
        return [{ t, mark: '◆', tint: 'high', subject, text: `reopened: ${event.reason}` }];
      case 'alert-resolved':
      case 'service-affected':
        return [];
      default:
        return event satisfies never;
    }
  }

  #severe(t: Micros, severity: IncidentSeverity, subject: string, text: string): Line {
    return { t, mark: severityMark[severity], tint: severity, subject, text };
  }

  #render({ t, mark, tint, subject, text }: Line): string {
    const head = `${scenarioTime(t).padEnd(9)} `;
    const isNarrow = this.#columns < Infinity;
    const name = isNarrow && subject.length > 18 ? `${subject.slice(0, 17)}…` : subject.padEnd(18);
    const room = this.#columns - head.length - name.length - 4;
    const safe = printable(text);
    const cut = safe.length > room ? `${safe.slice(0, Math.max(room - 1, 1))}…` : safe;
    return `${this.#paint('dim', head)}${this.#paint(tint, mark)} ${this.#paint(tint === 'dim' ? 'dim' : 'bold', name)} ${tint === 'dim' ? this.#paint('dim', cut) : cut}`;
  }

  #name(service: number): string {
    return this.#services[service] ?? '?';
  }
}

/** Lines that say the same of many services at one moment become one. */
function together(lines: readonly Line[]): Line[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = `${line.t} ${line.text}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (!first || rest.length === 0) return first ? [first] : [];
    return [{ ...first, subject: `${rest.length + 1} services` }];
  });
}
