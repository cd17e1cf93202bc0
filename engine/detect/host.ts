/**
 * Runs the detectors of one shard over batches: makes plain records, finds the states that each
 * record belongs to, ticks by the watermark, and fails a detector without touching the others.
 *
 * What comes out depends on the records alone: not on where ranges are cut (ticks follow the
 * watermark, states persist) and not on which shard a state lives in (a state sees only its own
 * records, and a failure stops its detector at a moment of scenario time, not at a place in a loop).
 */
import { Kind, type BatchReader } from '../replay/batch.ts';
import type { SourceHeader } from '../replay/source.ts';
import type { LogTemplate, Micros, Series, TelemetryRecord } from '../sdk/index.ts';
import { TemplateBook, type TemplateStep } from '../templates/index.ts';
import type { HookName } from './contract.ts';
import { EdgeResolver, type EdgeSnapshot } from './edges.ts';
import { invoke, Lane, listens, type Hosted, type LaneGroup, type LaneSnapshot } from './lane.ts';
import { eventText, hookFailure, type HostFailure, type HostOutput } from './hook-failure.ts';
import { OutputCollector } from './output.ts';
import { stateProblem } from './plain.ts';
import { marker as field, markedHooks } from './protocol.ts';
import { hashOf } from './hash.ts';
import { RequestCounts } from './request-counts.ts';
import { changeAt, LogView, pointAt, spanAt, TextLoan } from './records.ts';
import { route, type Routes } from './routes.ts';
import {
  intervalsOf,
  objectivesOf,
  recordedOf,
  seriesOf,
  subjectsOf,
  topologyOf,
} from './subjects.ts';

const secondUs = 1_000_000;
const code = Object.fromEntries(markedHooks.map((name, i) => [name, i])) as Readonly<
  Record<HookName | 'init', number>
>;

export interface HostOptions {
  readonly detectors: readonly Hosted[];
  readonly header: SourceHeader;
  readonly seed: number;
  readonly shard: { readonly index: number; readonly count: number };
  readonly startAt: Micros;
  /** Templates that are known by then; none where not given. */
  readonly templates?: readonly LogTemplate[];
  /** Keep a score that moved by this much since the last kept one; 0 keeps every one. */
  readonly scoreStep: number;
  readonly marker: Int32Array;
  /** Called with every hook, by its index in `markedHooks`, where the marker is shared with nobody. */
  readonly beat: Beat | null;
}

export type Beat = (hook: number, t: Micros) => void;

export interface HostSnapshot {
  readonly nextTickAt: Micros;
  readonly lanes: readonly LaneSnapshot[];
  readonly floods: readonly { readonly minute: number; readonly reported: number }[];
  readonly edges: EdgeSnapshot;
  readonly rates: readonly (number | null)[];
  readonly templates: readonly LogTemplate[];
}

export interface HostedRange {
  readonly from: number;
  readonly to: number;
  /** Exclusive watermark. */
  readonly through: Micros;
  /** What the range's logs teach about their templates, in their order. */
  readonly templates: readonly TemplateStep[];
}

export class DetectorHost {
  readonly #groups: LaneGroup[];
  readonly #lanes: Lane[] = [];
  readonly #routes: Routes;
  readonly #output: OutputCollector;
  readonly #edges = new EdgeResolver();
  readonly #requests: RequestCounts;
  readonly #templates = new TemplateBook();
  readonly #series: readonly Series[];
  readonly #serviceNames: readonly string[];
  readonly #marker: Int32Array;
  readonly #beat: Beat | null;
  /** The next tick that has not run; ticks begin with second 1. */
  #nextTickAt: Micros;

  constructor(o: HostOptions) {
    this.#output = new OutputCollector(o.scoreStep);
    this.#marker = o.marker;
    this.#beat = o.beat;
    this.#series = seriesOf(o.header);
    this.#requests = new RequestCounts(o.header);
    this.#templates.restore(o.templates ?? []);
    this.#serviceNames = o.header.services.map((service) => service.name);
    this.#nextTickAt = Math.max(1, Math.ceil(o.startAt / secondUs)) * secondUs;
    this.#groups = o.detectors.map((hosted) => ({
      ...hosted,
      lanes: [],
      fed: 0,
      minute: -1,
      reported: 0,
    }));
    for (const group of this.#groups) this.#open(group, o);
    this.#routes = route(this.#lanes, o.header);
  }

  /** Feeds records [from, to) of an open batch and ticks up to the watermark. */
  run(reader: BatchReader, range: HostedRange): HostOutput {
    const { t: times, kind: kinds } = reader.columns;
    const loan = new TextLoan(this.#templates);
    loan.reader = reader;
    const { templates } = range;
    let taught = 0;
    for (let i = range.from; i < range.to; i++) {
      const t = times[i] as number;
      if (t >= this.#nextTickAt) this.#tickThrough(t);
      switch (kinds[i]) {
        case Kind.log:
          for (let step = templates[taught]; step?.index === i; step = templates[++taught]) {
            this.#templates.apply(step);
          }
          this.#log(reader, i, t, loan);
          break;
        case Kind.metric:
          this.#metric(reader, i, t);
          break;
        case Kind.span:
          this.#span(reader, i, t);
          break;
        default:
          this.#change(reader, i, t);
      }
    }
    loan.reader = null;
    // A tick at the watermark itself waits for the records of that very moment's range: findings of
    // one moment then leave together, wherever ranges are cut.
    this.#tickThrough(range.through - 1);
    return this.#output.take(this.#groups);
  }

  /** The last ticks, and `end`. */
  finish(through: Micros): HostOutput {
    this.#tickThrough(through);
    for (const lane of this.#lanes) {
      if (listens(lane.group, 'end')) this.#call(lane, 'end', through, null);
    }
    return this.#output.take(this.#groups);
  }

  /** Leaves a detector out from here on. */
  stop(detector: number): void {
    const group = this.#groups.find((candidate) => candidate.index === detector);
    for (const lane of group?.lanes ?? []) lane.liveUntil = -1;
  }

  snapshot(): HostSnapshot {
    return structuredClone({
      nextTickAt: this.#nextTickAt,
      lanes: this.#lanes.map((lane) => lane.snapshot()),
      floods: this.#groups.map(({ minute, reported }) => ({ minute, reported })),
      edges: this.#edges.snapshot(),
      rates: this.#requests.snapshot(),
      templates: this.#templates.snapshot(),
    });
  }

  /** As they would be stored; one by one, because a copy of all beside all runs out of memory. */
  stateBytes(): number {
    const sizes = this.#lanes.map(({ state }) => Buffer.byteLength(JSON.stringify(state)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Goes on from a snapshot of a host that was opened with the same options. */
  restore(snapshot: HostSnapshot): void {
    this.#nextTickAt = snapshot.nextTickAt;
    for (const [i, lane] of this.#lanes.entries()) {
      const past = snapshot.lanes[i];
      if (past !== undefined) lane.restore(past);
    }
    for (const [i, group] of this.#groups.entries()) Object.assign(group, snapshot.floods[i]);
    this.#edges.restore(structuredClone(snapshot.edges));
    this.#requests.restore(snapshot.rates);
    this.#templates.restore(snapshot.templates);
  }

  /** Makes the states of one detector that belong to this shard. */
  #open(group: LaneGroup, o: HostOptions): void {
    const { id, config, metadata } = group.loaded;
    const topology = topologyOf(o.header);
    const report = (lane: Lane, finding: unknown): void => this.#output.report(lane, finding);
    for (const subject of subjectsOf(metadata.per, o.header, this.#series)) {
      const { key } = subject.subject;
      if (hashOf(`${id}\0${key}`) % o.shard.count !== o.shard.index) continue;
      this.#mark(group.index, code.init, o.startAt);
      const intervals = intervalsOf(subject, metadata.hooks, o.header);
      const recorded = recordedOf(subject, o.header);
      let state: object | null = null;
      let failure: ReturnType<typeof hookFailure> | null;
      try {
        const objectives = objectivesOf(subject, o.header);
        const about = { subject: subject.subject, topology, objectives, intervals, recorded };
        state = group.detector.init({ config, ...about });
        const problem = state === null ? null : stateProblem(state);
        failure = problem === null ? null : { reason: problem, place: null };
      } catch (thrown) {
        failure = hookFailure(thrown, group.loaded.file);
      }
      if (failure !== null) {
        // The detector is out; its other subjects would say the same.
        const at = { detector: id, subject: key, t: o.startAt - 1, hook: 'init', killed: false };
        this.#output.failures.push({ ...at, ...failure, event: `, for ${key}` });
        for (const lane of group.lanes) lane.liveUntil = -1;
        return;
      }
      if (state === null) continue;
      const lane = new Lane({ group, subject, state, topology, seed: o.seed, report });
      group.lanes.push(lane);
      this.#lanes.push(lane);
    }
  }

  #tickThrough(t: Micros): void {
    const lanes = this.#routes.ticks;
    for (; this.#nextTickAt <= t; this.#nextTickAt += secondUs) {
      for (const lane of lanes) this.#call(lane, 'tick', this.#nextTickAt, null);
    }
  }

  #log(reader: BatchReader, i: number, t: Micros, loan: TextLoan): void {
    const { subject, severity } = reader.columns;
    const service = subject[i] as number;
    const lanes = this.#routes.logs[service];
    if (lanes === undefined || lanes.length === 0) return;
    const name = this.#serviceNames[service] ?? '';
    const record = new LogView(t, name, severity[i] as number, loan, i);
    for (const lane of lanes) this.#call(lane, 'log', t, record);
  }

  #metric(reader: BatchReader, i: number, t: Micros): void {
    const id = reader.columns.subject[i] as number;
    this.#requests.observe(id, reader.columns.value[i] as number);
    const lanes = this.#routes.metrics[id];
    const series = this.#series[id];
    if (lanes === undefined || lanes.length === 0 || series === undefined) return;
    const point = pointAt(reader, i, { series, requests: this.#requests.of(id) });
    for (const lane of lanes) this.#call(lane, 'metric', t, point);
  }

  #span(reader: BatchReader, i: number, t: Micros): void {
    const service = reader.columns.subject[i] as number;
    const lanes = this.#routes.spans[service] ?? [];
    const { edges } = this.#routes;
    if (lanes.length === 0 && edges.size === 0) return;
    const span = spanAt(reader, i, this.#serviceNames[service] ?? '');
    for (const lane of lanes) this.#call(lane, 'span', t, span);
    if (edges.size === 0) return;
    for (const call of this.#edges.resolve(span, service)) {
      for (const lane of edges.get(`${call.caller}>${call.callee}`) ?? []) {
        this.#call(lane, 'span', t, call.span);
      }
    }
  }

  #change(reader: BatchReader, i: number, t: Micros): void {
    const service = reader.columns.subject[i] as number;
    const lanes = this.#routes.changes[service];
    if (lanes === undefined || lanes.length === 0) return;
    const change = changeAt(reader, i, this.#serviceNames[service] ?? '');
    for (const lane of lanes) this.#call(lane, 'change', t, change);
  }

  /** One hook of one state. The hot path: what it costs, a million records cost a million times. */
  #call(lane: Lane, hook: HookName, t: Micros, record: TelemetryRecord | null): void {
    if (t > lane.liveUntil) return;
    const { group } = lane;
    this.#mark(group.index, code[hook], t);
    lane.context.now = t;
    if (record !== null) group.fed++;
    try {
      const returned = invoke(lane, hook, record);
      if (returned !== undefined) this.#output.score(lane, hook, t, returned);
    } catch (thrown) {
      this.#fail(lane, hook, t, {
        ...hookFailure(thrown, group.loaded.file),
        event: eventText(lane, record),
      });
    }
  }

  /** Stops the detector after moment `t`: its other states still see what else happened at `t`. */
  #fail(
    lane: Lane,
    hook: HookName,
    t: Micros,
    why: Pick<HostFailure, 'reason' | 'place' | 'event'>,
  ): void {
    const { group } = lane;
    for (const other of group.lanes) other.liveUntil = Math.min(other.liveUntil, t);
    lane.liveUntil = -1;
    const { id } = group.loaded;
    const subject = lane.subject.subject.key;
    this.#output.failures.push({ detector: id, subject, t, hook, ...why, killed: false });
  }

  #mark(detector: number, hook: number, t: Micros): void {
    const marks = this.#marker;
    marks[field.detector] = detector;
    marks[field.hook] = hook;
    marks[field.progress] = (marks[field.progress] as number) + 1;
    this.#beat?.(hook, t);
  }
}
