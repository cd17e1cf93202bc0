/** One state of one detector, with what its hooks are given and what the engine remembers beside it. */
import { fraction, makeStreams } from '../replay/random.ts';
import type { HookContext, Micros, TelemetryRecord, Topology } from '../sdk/index.ts';
import type { AnyConfig, AnyDetector, HookName } from './contract.ts';
import type { LoadedDetector } from './load.ts';
import { OnsetFilter, type OnsetState } from './onset.ts';
import type { IndexedSubject } from './subjects.ts';

/** A detector in a shard. */
export interface Hosted {
  /** Place in the run's list of detectors. */
  readonly index: number;
  readonly loaded: Pick<LoadedDetector, 'id' | 'config' | 'metadata' | 'file'>;
  readonly detector: AnyDetector;
}

/** What all lanes of one detector of a shard share. */
export interface LaneGroup extends Hosted {
  readonly lanes: Lane[];
  /** Hook calls for records since the last output. */
  fed: number;
  /** Minute of scenario time that `reported` counts findings of. */
  minute: number;
  reported: number;
}

type Context = HookContext<AnyConfig>;

export class Lane {
  readonly group: LaneGroup;
  readonly subject: IndexedSubject;
  /** The author's plain data. */
  state: object;
  /** The same object for every call: a record must not cost an allocation per detector. */
  readonly context: { -readonly [K in keyof Context]: Context[K] };
  /** The state's own stream. */
  readonly random: Int32Array;
  readonly onset: OnsetFilter;
  /** Last score that was kept, and when. */
  keptScore = 0;
  keptAt: Micros = -1;
  /** No hook runs for a record after this moment; a failure sets it for all lanes of the detector. */
  liveUntil: Micros = Infinity;

  constructor(o: {
    readonly group: LaneGroup;
    readonly subject: IndexedSubject;
    readonly state: object;
    readonly topology: Topology;
    readonly seed: number;
    readonly report: (lane: Lane, finding: unknown) => void;
  }) {
    this.group = o.group;
    this.subject = o.subject;
    this.state = o.state;
    this.random = makeStreams(o.seed, [`${o.group.loaded.id}\0${o.subject.subject.key}`]);
    this.onset = new OnsetFilter(o.subject.cadenceUs);
    this.context = {
      config: o.group.loaded.config,
      subject: o.subject.subject,
      topology: o.topology,
      now: 0,
      random: () => fraction(this.random, 0),
      report: (finding) => o.report(this, finding),
    };
  }

  snapshot(): LaneSnapshot {
    return structuredClone({
      state: this.state,
      random: this.random,
      onset: this.onset.state,
      keptScore: this.keptScore,
      keptAt: this.keptAt,
      liveUntil: this.liveUntil,
    });
  }

  restore(snapshot: LaneSnapshot): void {
    const copy = structuredClone(snapshot);
    this.state = copy.state;
    this.random.set(copy.random);
    this.onset.state = copy.onset;
    this.keptScore = copy.keptScore;
    this.keptAt = copy.keptAt;
    this.liveUntil = copy.liveUntil;
  }
}

export interface LaneSnapshot {
  readonly state: object;
  readonly random: Int32Array;
  readonly onset: OnsetState;
  readonly keptScore: number;
  readonly keptAt: Micros;
  readonly liveUntil: Micros;
}

/** Does the detector listen to this hook? */
export function listens(group: LaneGroup, hook: HookName): boolean {
  return group.detector.on[hook] !== undefined;
}

/** Calls a hook of a state that listens to it. */
export function invoke(lane: Lane, hook: HookName, record: TelemetryRecord | null): unknown {
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
