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
import type { Micros, Series, TelemetryRecord } from '../sdk/index.ts';
import type { HookName } from './contract.ts';
import { EdgeResolver, type EdgeSnapshot } from './edges.ts';
import { Lane, listens, type Hosted, type LaneGroup, type LaneSnapshot } from './lane.ts';
import { hookFailure, isThenable, OutputCollector } from './output.ts';
import { notPlain } from './plain.ts';
import { marker as field, markedHooks, type ShardOutput } from './protocol.ts';
import { hashOf } from './hash.ts';
import { RequestCounts } from './request-counts.ts';
import { changeAt, LogView, pointAt, spanAt, TextLoan } from './records.ts';
import { route, type Routes } from './routes.ts';
import { intervalsOf, recordedOf, seriesOf, subjectsOf, topologyOf } from './subjects.ts';

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
  /** Keep a score that moved by this much since the last kept one; 0 keeps every one. */
  readonly scoreStep: number;
  readonly marker: Int32Array;
  /** Called with every hook, where the marker is shared with nobody. */
  readonly beat: (() => void) | null;
}

export interface HostSnapshot {
  readonly nextTickAt: Micros;
  readonly lanes: readonly LaneSnapshot[];
  readonly floods: readonly { readonly minute: number; readonly reported: number }[];
  readonly edges: EdgeSnapshot;
  readonly rates: readonly (number | null)[];
}

export class DetectorHost {
  readonly #groups: LaneGroup[];
  readonly #lanes: Lane[] = [];
  readonly #routes: Routes;
  readonly #output: OutputCollector;
  readonly #edges = new EdgeResolver();
  readonly #requests: RequestCounts;
  readonly #series: readonly Series[];
  readonly #serviceNames: readonly string[];
  readonly #marker: Int32Array;
  readonly #beat: (() => void) | null;
  /** The next tick that has not run; ticks begin with second 1. */
  #nextTickAt: Micros;

  constructor(o: HostOptions) {
    this.#output = new OutputCollector(o.scoreStep);
    this.#marker = o.marker;
    this.#beat = o.beat;
    this.#series = seriesOf(o.header);
    this.#requests = new RequestCounts(o.header);
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
  run(
    reader: BatchReader,
    range: { readonly from: number; readonly to: number; readonly through: Micros },
  ): ShardOutput {
    const { t: times, kind: kinds } = reader.columns;
    const loan = new TextLoan();
    loan.reader = reader;
    for (let i = range.from; i < range.to; i++) {
      const t = times[i] as number;
      if (t >= this.#nextTickAt) this.#tickThrough(t);
      switch (kinds[i]) {
        case Kind.log:
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
  finish(through: Micros): ShardOutput {
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
  }

  /** Makes the states of one detector that belong to this shard. */
  #open(group: LaneGroup, o: HostOptions): void {
    const { id, config, metadata } = group.loaded;
    const topology = topologyOf(o.header);
    const report = (lane: Lane, finding: unknown): void => this.#output.report(lane, finding);
    for (const subject of subjectsOf(metadata.per, o.header, this.#series)) {
      const { key } = subject.subject;
      if (hashOf(`${id}\0${key}`) % o.shard.count !== o.shard.index) continue;
      this.#mark(group.index, code.init);
      const intervals = intervalsOf(subject, metadata.hooks, o.header);
      const recorded = recordedOf(subject, o.header);
      let state: object | null = null;
      let failure: string | null;
      try {
        const about = { subject: subject.subject, topology, intervals, recorded };
        state = group.detector.init({ config, ...about });
        failure = state === null ? null : stateProblem(state);
      } catch (thrown) {
        failure = hookFailure(thrown, group.loaded.file);
      }
      if (failure !== null) {
        // The detector is out; its other subjects would say the same.
        const at = { detector: id, subject: key, t: o.startAt - 1, hook: 'init', killed: false };
        this.#output.failures.push({ ...at, reason: failure });
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
    this.#mark(group.index, code[hook]);
    lane.context.now = t;
    if (record !== null) group.fed++;
    try {
      const returned = invoke(lane, hook, record);
      if (returned !== undefined) this.#output.score(lane, hook, t, returned);
    } catch (thrown) {
      this.#fail(lane, hook, t, hookFailure(thrown, group.loaded.file));
    }
  }

  /** Stops the detector after moment `t`: its other states still see what else happened at `t`. */
  #fail(lane: Lane, hook: HookName, t: Micros, reason: string): void {
    const { group } = lane;
    for (const other of group.lanes) other.liveUntil = Math.min(other.liveUntil, t);
    lane.liveUntil = -1;
    const { id } = group.loaded;
    const subject = lane.subject.subject.key;
    this.#output.failures.push({ detector: id, subject, t, hook, reason, killed: false });
  }

  #mark(detector: number, hook: number): void {
    const marks = this.#marker;
    marks[field.detector] = detector;
    marks[field.hook] = hook;
    marks[field.progress] = (marks[field.progress] as number) + 1;
    this.#beat?.();
  }
}

function invoke(lane: Lane, hook: HookName, record: TelemetryRecord | null): unknown {
  const { state, context } = lane;
  const { on } = lane.group.detector;
  if (record === null)
    return hook === 'tick' ? on.tick?.(state, context) : on.end?.(state, context);
  switch (record.kind) {
    case 'log':
      return on.log?.(state, record, context);
    case 'metric':
      return on.metric?.(state, record, context);
    case 'span':
      return on.span?.(state, record, context);
    case 'change':
      return on.change?.(state, record, context);
    default:
      return record satisfies never;
  }
}

function stateProblem(state: unknown): string | null {
  if (isThenable(state)) return 'init returned a promise; hooks are synchronous';
  if (typeof state !== 'object') return `init returned ${String(state)}; a state is an object`;
  return notPlain(state);
}
