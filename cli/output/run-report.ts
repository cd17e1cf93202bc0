/**
 * What `workbench run` says. On a terminal: a headline at once, the outage as one timeline with a
 * moving foot, a summary, the next command. With `--json`: the same as one object a line, `end` last.
 */
import { statSync } from 'node:fs';
import {
  applyIncidentEvent,
  emptyState,
  viewIncidents,
  type FoldedState,
  type IncidentView,
} from '../../engine/incident/index.ts';
import type { PrepareProgress, RecordingReport } from '../../engine/recording/index.ts';
import type { Run, RunEvents, RunOutcome, Speed } from '../../engine/replay/index.ts';
import type { Scenario } from '../../engine/scenario/index.ts';
import type { Micros } from '../../engine/sdk/index.ts';
import { printable } from '../../engine/terminal-text.ts';
import { momentText } from '../../engine/wording.ts';
import type { Io } from '../io.ts';
import { count, duration, plural, times } from './format.ts';
import { emit } from './json.ts';
import { nearPath } from './next.ts';
import { Progress } from './progress.ts';
import { rejectionLines } from './rejections.ts';
import { runEndObject } from './run-end.ts';
import { painter, type Paint } from './style.ts';
import { summaryLines } from './summary.ts';
import { Timeline } from './timeline.ts';

/** Where a run branches from another, whose past is not told again. */
export interface ForkFacts {
  readonly run: string;
  readonly at: Micros;
  readonly actions: readonly { readonly t: Micros; readonly text: string }[];
}

export class RunReport {
  readonly #io: Io;
  readonly #json: boolean;
  readonly #quiet: boolean;
  readonly #paint: Paint;
  readonly #progress: Progress;
  readonly #startedMs: number;
  #state: FoldedState | null = null;
  #firstIncidentOpen = 0;
  #fork: ForkFacts | null = null;

  constructor(io: Io, options: { readonly json: boolean; readonly quiet: boolean }) {
    this.#io = io;
    this.#json = options.json;
    this.#quiet = options.quiet;
    this.#paint = painter(io, io.stdout);
    this.#progress = new Progress(io, { quiet: options.quiet || options.json });
    this.#startedMs = io.monotonic();
  }

  begin(scenario: Scenario, seed: number, speed: Speed, fork: ForkFacts | null = null): void {
    this.#fork = fork;
    if (this.#json) {
      const { name, title, kind, hash } = scenario;
      const start = { type: 'start', name, title, kind, hash, seed, speed };
      return this.#emit(fork ? { ...start, fork } : start);
    }
    if (this.#quiet) return;
    const facts =
      scenario.kind === 'simulated'
        ? [
            `seed ${seed}`,
            plural(scenario.services.length, 'service'),
            duration(scenario.durationUs),
          ]
        : ['recorded'];
    if (fork) facts.unshift(`fork of ${printable(fork.run)} at ${momentText(fork.at)}`);
    const pace = speed === 'max' ? 'at full speed' : `at ${times(speed)}`;
    this.#line(
      `${this.#paint('bold', printable(scenario.title))}  ${this.#paint('dim', `${facts.join(' · ')} · ${pace}`)}`,
    );
  }

  /** How far a recording is read; only the first run of a recording reads it. */
  reading({ records, file }: PrepareProgress): void {
    if (this.#json || this.#quiet || !this.#io.stderr.isTty) return;
    const text = `reading ${printable(nearPath(this.#io.cwd, file))} · ${count(records)} records`;
    this.#io.stderr.write(`\r\u001b[2K${text.slice(0, this.#io.stderr.columns - 1)}`);
  }

  /** What reading a recording brought up, and the first records that could not be taken. */
  wasRead({ notes, rejections }: RecordingReport): void {
    if (this.#json) return this.#emit({ type: 'recording', notes, rejections });
    if (this.#quiet) return;
    this.#clearLine();
    for (const note of notes) this.#line(this.#paint('dim', `  ${printable(note)}`));
    for (const line of rejectionLines(this.#io.cwd, rejections, this.#paint)) this.#line(line);
  }

  follow(run: Run): void {
    this.#state = emptyState({ services: run.header.services.map((service) => service.name) });
    const { isTty, columns } = this.#io.stdout;
    const from = this.#fork?.at ?? 0;
    const timeline = new Timeline(run.header, this.#paint, isTty ? columns : Infinity, from);
    this.#clearLine();
    let untold = this.#fork?.actions ?? [];
    run.onEvents((events, through) => {
      for (const event of events.incidentEvents) {
        if (this.#state) this.#state = applyIncidentEvent(this.#state, event);
      }
      if (this.#json) return this.#emitEvents(since(events, from), through);
      if (this.#quiet) return;
      // In its place of the story: until then the past of the parent is played.
      const taken = untold.filter(({ t }) => t < through);
      untold = untold.filter(({ t }) => t >= through);
      const actions = taken.map(({ t, text }) => timeline.action(t, text));
      const lines = [...actions, ...timeline.lines(events)];
      if (lines.length > 0) this.#progress.clear();
      for (const line of lines) this.#line(line);
      this.#firstIncidentOpen = this.#incidents(through).filter(
        (i) => i.status !== 'resolved',
      ).length;
    });
    run.watch((status) => this.#progress.show(status, this.#firstIncidentOpen));
  }

  /** Of a run that says nothing but how far it is: there are no detectors, and so no incidents. */
  followProgress(run: Run): void {
    this.#clearLine();
    run.watch((status) => this.#progress.show(status, null));
  }

  /** Takes the moving line away. */
  endProgress(): void {
    this.#progress.clear();
  }

  end(run: Run, outcome: RunOutcome): void {
    this.#progress.clear();
    const wallMs = this.#io.monotonic() - this.#startedMs;
    const incidents = this.#incidents(outcome.throughUs);
    const bytes = statSync(run.file, { throwIfNoEntry: false })?.size ?? 0;
    if (this.#json) return this.#emit(runEndObject({ run, outcome, incidents, wallMs, bytes }));
    const facts = { run, outcome, incidents, wallMs, bytes, cwd: this.#io.cwd };
    for (const line of summaryLines(facts, this.#paint)) this.#line(line);
  }

  /** Talk: on stderr, never data. */
  say(text: string): void {
    this.#progress.clear();
    this.#io.stderr.write(`${text}\n`);
  }

  #incidents(t: number): readonly IncidentView[] {
    return this.#state ? viewIncidents(this.#state, t) : [];
  }

  #emitEvents(events: RunEvents, throughUs: number): void {
    for (const change of events.changes) this.#emit({ type: 'change', ...change });
    for (const { service, ...event } of events.healthEvents) {
      this.#emit({ type: 'health', service: this.#state?.services[service] ?? null, ...event });
    }
    for (const { kind, ...event } of events.incidentEvents) {
      this.#emit({ type: 'incident', event: kind, ...event });
    }
    if (events.incidentEvents.length + events.healthEvents.length > 0) {
      this.#emit({ type: 'progress', throughUs });
    }
  }

  #clearLine(): void {
    if (this.#io.stderr.isTty && !this.#json && !this.#quiet) this.#io.stderr.write('\r\u001b[2K');
  }

  /** `--quiet` leaves the last object only. */
  #emit(object: Readonly<Record<string, unknown>>): void {
    if (this.#quiet && object['type'] !== 'end') return;
    emit(this.#io, object);
  }

  #line(text: string): void {
    this.#io.stdout.write(`${text}\n`);
  }
}

function since(events: RunEvents, from: Micros): RunEvents {
  if (from === 0) return events;
  const recent = <E extends { readonly t: Micros }>(all: readonly E[]) =>
    all.filter(({ t }) => t >= from);
  return {
    ...events,
    changes: recent(events.changes),
    healthEvents: recent(events.healthEvents),
    incidentEvents: recent(events.incidentEvents),
  };
}
