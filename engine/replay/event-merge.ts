/**
 * Turns what detectors said into the engine's events: holds findings and scores back until the
 * watermark has passed them, folds them with the telemetry into alerts, incidents and health, and
 * keeps the folded state from which keyframes are made.
 */
import type { DetectorOutput } from '../detect/index.ts';
import {
  applyHealthEvent,
  applyIncidentEvent,
  Correlator,
  emptyState,
  type Finding,
  type FoldedState,
} from '../incident/index.ts';
import { limits } from '../limits.ts';
import type { Micros } from '../sdk/index.ts';
import type { EngineEvents, ScoreStep } from '../store/index.ts';
import type { Columns } from './batch.ts';
import { Pending } from './pending.ts';
import type { SourceHeader } from './source.ts';

interface Said {
  readonly detector: string;
  readonly subject: string;
}

/** Code-unit order, the same on every machine and in every locale. */
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const bySpeaker = (a: Said, b: Said): number =>
  order(a.detector, b.detector) || order(a.subject, b.subject);

export class EventMerge {
  readonly #correlator: Correlator;
  readonly #findings = new Pending<Finding>(bySpeaker);
  readonly #scores = new Pending<ScoreStep>(bySpeaker);
  #state: FoldedState;
  #sinceKeyframe = 0;
  #events = 0;

  constructor(header: SourceHeader) {
    this.#correlator = new Correlator(header);
    this.#state = emptyState({ services: header.services.map((s) => s.name) });
  }

  /** Takes a range of records into the health figures; ranges come in order. */
  observe(columns: Columns, from: number, to: number): void {
    this.#correlator.observe(columns, from, to);
  }

  add(output: DetectorOutput): void {
    this.#findings.add(output.findings);
    this.#scores.add(output.scores);
  }

  /** What the engine says about everything before `through`. */
  advance(through: Micros): EngineEvents {
    const findings = this.#findings.takeBefore(through);
    const scores = this.#scores.takeBefore(through);
    return this.#folded({ findings, scores, ...this.#correlator.advance(through, findings) });
  }

  /** The rest, after the last record: everything up to and including `end`. */
  finish(end: Micros): EngineEvents {
    const events = this.advance(end + 1);
    const rest = this.#folded({ findings: [], scores: [], ...this.#correlator.finish() });
    return {
      ...events,
      incidentEvents: [...events.incidentEvents, ...rest.incidentEvents],
      healthEvents: [...events.healthEvents, ...rest.healthEvents],
      windows: [...events.windows, ...rest.windows],
    };
  }

  /**
   * The folded state as JSON where one is due: every so many events, so that a seek folds few, and
   * more rarely as the state grows, so that a long run does not consist of keyframes.
   */
  keyframeIfDue(): string | null {
    const every = Math.max(limits.keyframeEveryEvents, this.#events * limits.keyframeGrowth);
    return this.#sinceKeyframe >= every ? this.keyframe() : null;
  }

  keyframe(): string {
    this.#sinceKeyframe = 0;
    return JSON.stringify(this.#state);
  }

  #folded(events: EngineEvents): EngineEvents {
    for (const event of events.incidentEvents) {
      this.#state = applyIncidentEvent(this.#state, event);
    }
    for (const event of events.healthEvents) this.#state = applyHealthEvent(this.#state, event);
    const count = events.incidentEvents.length + events.healthEvents.length;
    this.#events += count;
    this.#sinceKeyframe += count;
    return events;
  }
}
