/**
 * Turns the stream of a run into incident and health events. Three kinds of things happen, merged
 * strictly by scenario time; at one moment first a window of health closes, then the clock of whole
 * seconds ticks, then findings are taken by (detector, subject, order given). What comes out depends
 * on the records and findings alone, never on where batches and ranges were cut.
 */
import {
  FigureReader,
  HealthSampler,
  callersOf,
  initialHealth,
  stepHealth,
  type HealthEvent,
  type HealthWindow,
  type RawWindow,
} from '../health/index.ts';
import type { Columns } from '../replay/batch.ts';
import type { SourceHeader } from '../replay/source.ts';
import type { Micros } from '../sdk/index.ts';
import { bucketUs } from '../store/schema.ts';
import { alertEndsAt, endAlerts, fingerprintOf, takeFinding, type AlertBook } from './alerts.ts';
import { placeAlerts, removeAlert, reviewIncidents, type IncidentBook } from './grouping.ts';
import type { Finding, IncidentEvent } from './model.ts';
import { worldOf, type World } from './world.ts';

/** What came of an advance, each list in order of time. */
export interface Correlated {
  readonly incidentEvents: IncidentEvent[];
  readonly healthEvents: HealthEvent[];
  readonly windows: HealthWindow[];
}

const secondUs = 1_000_000;

export class Correlator {
  readonly #durationUs: Micros;
  readonly #sampler: HealthSampler;
  readonly #figures: FigureReader;
  readonly #callers: readonly (readonly number[])[];
  readonly #alerts: AlertBook = new Map();
  readonly #incidents: IncidentBook = { nextId: 1, placed: new Set(), incidents: [] };
  readonly #world: World;
  /** Findings that wait for their time. */
  #held: Finding[] = [];
  #raw: RawWindow[] = [];
  #bucket = 0;
  /** Last whole second that has ticked, or that a finding has passed. */
  #second = 0;
  #now = 0;
  /** No alert ends before this; saves looking at all of them every second. */
  #endsAt = Infinity;

  constructor(header: SourceHeader) {
    this.#durationUs = header.durationUs;
    this.#sampler = new HealthSampler(header);
    this.#figures = new FigureReader(header);
    this.#callers = callersOf(header);
    const health = initialHealth(header.services.length);
    this.#world = worldOf(header, health, this.#alerts);
  }

  /** Takes the records `[from, to)` of a batch; every record once, in order, before `advance` passes it. */
  observe(columns: Columns, from: number, to: number): void {
    this.#sampler.observe(columns, from, to);
  }

  /**
   * Goes on to `through` (exclusive watermark: all records before it were observed, all findings
   * before it are given by now). A finding that comes late keeps its `t` but takes effect now.
   */
  advance(through: Micros, findings: readonly Finding[]): Correlated {
    this.#held.push(...findings);
    return this.#run(through, through);
  }

  /** After the last advance of a run that came to its end: goes on to the scenario's end. */
  finish(): Correlated {
    return this.#run(Math.max(this.#durationUs, this.#now), Infinity);
  }

  #run(through: Micros, findingsBefore: Micros): Correlated {
    const out: Correlated = { incidentEvents: [], healthEvents: [], windows: [] };
    this.#raw.push(...this.#sampler.take(through));
    const ready = this.#held.filter((finding) => finding.t < findingsBefore).sort(inOrder);
    this.#held = this.#held.filter((finding) => finding.t >= findingsBefore);
    const windowsEnd = Math.min(through, this.#durationUs);
    let next = 0;
    for (;;) {
      const window = (this.#bucket + 1) * bucketUs;
      const second = this.#isActive() ? this.#second + secondUs : Infinity;
      const finding = ready[next];
      const at = finding?.t ?? Infinity;
      if (window <= windowsEnd && window <= second && window <= at) {
        this.#closeWindow(window, out);
      } else if (second <= through && second <= at) {
        this.#tick(second, out);
      } else if (finding) {
        const from = next;
        while (ready[next]?.t === finding.t) next++;
        this.#take(ready.slice(from, next), out);
      } else {
        return out;
      }
    }
  }

  /** A tick is without effect unless an alert or an incident waits for the clock. */
  #isActive(): boolean {
    return this.#endsAt < Infinity || this.#incidents.incidents.some((i) => i.resolvedAt === null);
  }

  #closeWindow(t: Micros, out: Correlated): void {
    this.#now = Math.max(this.#now, t);
    const raw = this.#raw[0]?.bucket === this.#bucket ? (this.#raw.shift() ?? null) : null;
    const samples = this.#figures.read(this.#bucket, raw);
    const context = { bucket: this.#bucket, callers: this.#callers };
    const { events, windows } = stepHealth(this.#world.health, samples, context);
    this.#bucket++;
    out.healthEvents.push(...events);
    out.windows.push(...windows);
    out.incidentEvents.push(
      ...placeAlerts(this.#incidents, this.#world, this.#now),
      ...reviewIncidents(this.#incidents, this.#world, this.#now),
    );
  }

  #tick(t: Micros, out: Correlated): void {
    this.#second = t;
    this.#now = Math.max(this.#now, t);
    if (t >= this.#endsAt) {
      for (const alert of endAlerts(this.#alerts, t)) {
        out.incidentEvents.push(...removeAlert(this.#incidents, alert, t));
      }
      this.#endsAt = Math.min(Infinity, ...[...this.#alerts.values()].map(alertEndsAt));
    }
    out.incidentEvents.push(...reviewIncidents(this.#incidents, this.#world, t));
  }

  /** Takes the findings of one moment. */
  #take(findings: readonly Finding[], out: Correlated): void {
    for (const finding of findings) {
      this.#now = Math.max(this.#now, finding.t);
      this.#second = Math.max(this.#second, Math.floor(this.#now / secondUs) * secondUs);
      takeFinding(this.#alerts, finding);
      const current = this.#alerts.get(fingerprintOf(finding));
      if (current) this.#endsAt = Math.min(this.#endsAt, alertEndsAt(current));
    }
    out.incidentEvents.push(...placeAlerts(this.#incidents, this.#world, this.#now));
  }
}

/** By time, detector, subject; equal ones keep the order in which they were given. */
function inOrder(a: Finding, b: Finding): number {
  if (a.t !== b.t) return a.t - b.t;
  if (a.detector !== b.detector) return a.detector < b.detector ? -1 : 1;
  if (a.subject !== b.subject) return a.subject < b.subject ? -1 : 1;
  return 0;
}
