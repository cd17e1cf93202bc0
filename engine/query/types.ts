/**
 * Longer than 300 lines because it is one contract, plain types in the order of the questions.
 *
 * The questions that the page and the CLI ask of a run, and their answers: the one contract between
 * `engine/query`, `web/server` and the page. Every time-bound question takes `t`, the playhead, and
 * answers from rows at or before it; nothing reads the future (`neighbour` tells when it is, not what).
 * Names of the questions are the paths of the API: `/api/runs/<id>/<question>?…`.
 */
import type { HealthState } from '../health/model.ts';
import type { HumanAction, IncidentView } from '../incident/model.ts';
import type { InsightCard } from '../insight/model.ts';
import type { ChangeKind, Micros, SeriesRole } from '../sdk/index.ts';
import type { Level } from '../store/schema.ts';

export type RunState = 'running' | 'paused' | 'completed' | 'degraded' | 'interrupted' | 'failed';

/** One line of the runs list (`GET /api/runs`). */
export interface RunSummary {
  readonly id: string;
  readonly title: string;
  readonly scenario: string;
  readonly kind: 'simulated' | 'recorded';
  readonly state: RunState;
  readonly stateReason: string;
  readonly seed: number;
  readonly createdUnixMs: number;
  readonly durationUs: Micros;
  readonly throughUs: Micros;
  readonly records: number;
  /** All incidents of the run by severity. */
  readonly incidents: Readonly<Record<'critical' | 'high' | 'medium' | 'low', number>>;
  readonly detectors: readonly string[];
  readonly fileBytes: number;
  readonly digest: string | null;
  /** What the scenario is about, and 1 (a single clear signal) to 4 (several causes) where it says so. */
  readonly tags: readonly string[];
  readonly difficulty: number | null;
  readonly parent: ForkOrigin | null;
  /** True where this process hosts the run: it can be paused, stepped and sped up. */
  readonly live: boolean;
}

/** The run that another was forked from, when, and what was done then, as `rollback:payments`. */
export interface ForkOrigin {
  readonly run: string;
  readonly at: Micros;
  /** Empty where the rest is the same. */
  readonly actions: readonly string[];
}

/** How far a run is. */
export interface RunProgress {
  readonly state: RunState;
  /** Everything before is stored and can be asked for. */
  readonly throughUs: Micros;
  readonly durationUs: Micros;
  readonly askedSpeed: number | 'max';
}

/** What does not change while a run is played (`overview`). */
export interface RunOverview extends RunSummary {
  readonly startUnixUs: number;
  /** Log records among `records`; 0 for a recording of metrics alone. */
  readonly logs: number;
  readonly services: readonly ServiceNode[];
  readonly dependencies: readonly { readonly caller: string; readonly callee: string }[];
  readonly series: readonly SeriesNode[];
  readonly detectorStates: readonly DetectorState[];
  readonly intake: IntakeCounts | null;
  /** Where people's events can be appended; else why not. */
  readonly writable: { readonly ok: true } | { readonly ok: false; readonly reason: string };
}

export interface IntakeCounts {
  readonly read: number;
  readonly stored: number;
  readonly rejected: number;
  readonly truncated: number;
  readonly duplicates: number;
}

export interface ServiceNode {
  readonly name: string;
  readonly kind: string;
  readonly entry: boolean;
}

export interface SeriesNode {
  readonly id: number;
  readonly service: string;
  readonly name: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly role: SeriesRole | null;
  /** Usual time between two points, µs; 0 where nobody knows. */
  readonly cadenceUs: Micros;
}

export interface DetectorState {
  readonly name: string;
  readonly summary: string;
  readonly state: 'running' | 'completed' | 'failed';
  /** Why it failed; of one that did not, what people should know of it; '' where nothing. */
  readonly failure: string;
  readonly recordsFed: number;
  readonly findings: number;
  readonly findingsDropped: number;
}

/** Everything that folds to one state at `t` (`state?t=`). */
export interface RunStateAt {
  readonly t: Micros;
  readonly health: readonly ServiceHealth[];
  readonly incidents: readonly IncidentView[];
  readonly kpis: Kpis;
}

export interface ServiceHealth {
  readonly service: string;
  readonly state: HealthState;
  /** Why it came into this state, with the figures of then. */
  readonly reason: string;
  /** What its last window says; empty where nothing was measured. */
  readonly now: string;
  readonly since: Micros;
  readonly requestRate: number | null;
  readonly errorRatio: number | null;
  readonly latencyP95: number | null;
}

/** Figures of the strip; null where nothing was measured. User-facing = over the entry services. */
export interface Kpis {
  readonly requestRate: number | null;
  readonly errorRatio: number | null;
  readonly latencyP95: number | null;
  /** The same three over the last 15 minutes, one point per 10 s, for sparklines. */
  readonly trend: readonly {
    readonly t: Micros;
    readonly requestRate: number | null;
    readonly errorRatio: number | null;
    readonly latencyP95: number | null;
  }[];
  /** What they usually are, to compare with; null while too little is known. */
  readonly usual: UsualFigures | null;
  /** Log records stored up to t, and records of the whole recording that could not be read. */
  readonly records: number;
  readonly dropped: number;
  /** First incident's opening minus its first signal, µs; null without incidents. */
  readonly timeToDetectUs: Micros | null;
}

/** Medians over the last windows in which no user-facing service was unwell, within `[from, to)`. */
export interface UsualFigures {
  readonly requestRate: number | null;
  readonly errorRatio: number | null;
  readonly latencyP95: number | null;
  readonly from: Micros;
  readonly to: Micros;
}

export interface LogFilter {
  readonly levels?: readonly Level[];
  readonly services?: readonly string[];
  /** Plain text, case-insensitive, found anywhere in the body. */
  readonly text?: string;
  /** Trace id. */
  readonly trace?: string;
}

export interface LogRow {
  /** Identity and order of the row. */
  readonly k: number;
  readonly t: Micros;
  readonly service: string;
  readonly severity: number;
  readonly level: Level;
  /** At most 4,096 UTF-16 units; `truncated` says that more is stored. */
  readonly body: string;
  /** What the body says, without the envelope that repeats time, level and service. */
  readonly message: string;
  readonly truncated: boolean;
  readonly traceId: string | null;
}

/** A page of logs (`logs?t=&before=&after=&limit=&level=&service=&text=&trace=&template=`), oldest first. */
export interface LogPage {
  readonly rows: readonly LogRow[];
  /** More rows exist before the first one (with `after`: past the last one). */
  readonly more: boolean;
  /**
   * Set where the search stopped before the page was full, having looked at as many rows as one
   * question may: ask again with this as `before` (or `after`) to go on.
   */
  readonly searchedTo: number | null;
  /** Exact counts up to t by level, all services and text (`total`), and with the filter (`matched`; null for text search beyond the budget). */
  readonly total: number;
  readonly matched: number | null;
  readonly byLevel: Readonly<Record<Level, number>>;
}

/** One log with everything (`log?k=&t=`). */
export interface LogDetail extends LogRow {
  /** Its template as it was known at `t`; null where none was kept, or the run is older. */
  readonly template: {
    readonly id: number;
    readonly text: string;
    /** What the line has in the places of `<*>`; null where it no longer tells. */
    readonly parameters: readonly string[] | null;
  } | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Kinds of log lines in [from, t] (`templates?t=&from=&limit=&level=&service=`). */
export interface TemplateList {
  readonly t: Micros;
  /** Where the window begins: whole ten seconds, an hour before t at most. */
  readonly from: Micros;
  /** False for the file of an older workbench: then nothing is known, which is not the same as none. */
  readonly mined: boolean;
  /** Templates with a line in the window, and how many of them are new. */
  readonly count: number;
  readonly fresh: number;
  /** New ones first, then the most frequent. */
  readonly rows: readonly TemplateRow[];
}

export interface TemplateRow {
  readonly id: number;
  /** With `<*>` where it varies, as it was known at t. */
  readonly text: string;
  /** The same without the envelope that repeats time, level and service. */
  readonly message: string;
  /** Lines in the window. */
  readonly count: number;
  /** That of most of its lines. */
  readonly level: Level;
  /** Where most of them come from, and of how many services they are. */
  readonly services: readonly string[];
  readonly serviceCount: number;
  readonly firstAt: Micros;
  /** First seen in the last five minutes, and not while everything was new. */
  readonly fresh: boolean;
}

/** Exact level histogram (`histogram?t=&from=&to=&buckets=&service=`). */
export interface Histogram {
  readonly from: Micros;
  readonly to: Micros;
  readonly bucketUs: Micros;
  /** buckets × levels (debug, info, warn, error). */
  readonly counts: readonly (readonly [number, number, number, number])[];
}

/** What the playback strip draws up to t (`markers?t=`). */
export interface Markers {
  readonly changes: readonly {
    readonly k: number;
    readonly t: Micros;
    readonly service: string;
    readonly kind: ChangeKind;
    readonly note: string;
  }[];
  /** Clustered to at most 200. */
  readonly findings: readonly {
    readonly t: Micros;
    readonly count: number;
    readonly severity: string;
  }[];
  readonly incidents: readonly {
    readonly id: number;
    readonly title: string;
    readonly severity: IncidentView['severity'];
    readonly from: Micros;
    readonly to: Micros | null;
  }[];
}

/**
 * Where a jump goes (`neighbour?t=&kind=&direction=&level=&service=`): the only answer that knows of
 * anything after `t`, and it knows only when that is.
 */
export interface Neighbour {
  /** The moment; null where there is none in that direction. */
  readonly t: Micros | null;
  /** Set where the search for a record stopped before it found one: go on from there. */
  readonly searchedTo: Micros | null;
}

/** Points of some series (`samples?t=&from=&series=1,2&points=`), min–max decimated. */
export interface SeriesPoints {
  readonly series: SeriesNode;
  readonly points: readonly (readonly [t: Micros, value: number])[];
}

/** What the edges of the service map carry (`traffic?t=`). */
export interface Traffic {
  readonly t: Micros;
  readonly edges: readonly {
    readonly caller: string;
    readonly callee: string;
    /** Requests per second, estimated from the callee's rate and sampled traces; null where unknown. */
    readonly requestRate: number | null;
  }[];
}

/** One card of the services page (`services?t=`). */
export interface ServiceCard extends ServiceHealth {
  readonly kind: string;
  readonly entry: boolean;
  /** Share of measured windows that were not down, 0–1, over `uptimeWindowUs`; null without data. */
  readonly uptime: number | null;
  readonly uptimeWindowUs: Micros;
  /** Measured share of that window, 0–1. */
  readonly uptimeCoverage: number;
  readonly lastIncident: {
    readonly id: number;
    readonly title: string;
    readonly openedAt: Micros;
    readonly status: string;
  } | null;
  readonly callers: readonly string[];
  readonly callees: readonly string[];
  /** One state per stretch of the same window, for the status bar; the last ones of many. */
  readonly history: readonly {
    readonly from: Micros;
    readonly to: Micros;
    readonly state: HealthState;
  }[];
  readonly trend: readonly {
    readonly t: Micros;
    readonly requestRate: number | null;
    readonly errorRatio: number | null;
    readonly latencyP95: number | null;
  }[];
  readonly logs: Readonly<Record<Level, number>>;
}

/** One incident (`incident?id=&t=`). */
export interface IncidentDetail {
  readonly incident: IncidentView;
  readonly timeline: readonly TimelineEntry[];
  /** The newest of the incident's alerts, oldest first. */
  readonly findings: readonly FindingRow[];
  /** There are older ones. */
  readonly moreFindings: boolean;
  /** Logs of the affected services from two minutes before the first signal; query for the panel. */
  readonly relatedLogs: {
    readonly from: Micros;
    readonly to: Micros;
    readonly services: readonly string[];
    readonly count: number;
  };
  readonly insights: readonly InsightCard[];
}

export interface TimelineEntry {
  readonly t: Micros;
  readonly kind: string;
  readonly text: string;
  /** Set on what people did. */
  readonly actor: string | null;
  readonly wallUnixMs: number | null;
}

export interface FindingRow {
  readonly k: number;
  readonly t: Micros;
  readonly detector: string;
  readonly service: string | null;
  readonly subject: string;
  readonly severity: string;
  readonly score: number;
  readonly body: string;
}

/** Insight cards at t (`insights?t=`), for the run or one incident (`&incident=`). */
export interface Insights {
  readonly cards: readonly InsightCard[];
  readonly t: Micros;
}

/** Body of `POST /api/runs/<id>/incidents/<n>` ; the answer is the incident's new view. */
export interface HumanActionRequest {
  readonly action: HumanAction;
  readonly note?: string;
  readonly actor?: string;
  /** Playhead at which the person acts, µs. */
  readonly t: Micros;
}

/** Server to page on `/live`. One message describes the run; pages ask the questions at `through`. */
export type LiveMessage =
  | ({
      readonly type: 'run';
      readonly run: string;
      /** Scenario seconds per wall second, over the last two seconds. */
      readonly realSpeed: number;
    } & RunProgress)
  | { readonly type: 'error'; readonly code: string; readonly message: string };

/** Page to server on `/live`; refused where this process does not host the run. */
export type LiveCommand =
  | { readonly type: 'subscribe'; readonly run: string }
  | { readonly type: 'pause' | 'resume'; readonly run: string }
  /** Advances a paused run: by `us` of scenario time, or to the next record. */
  | { readonly type: 'step'; readonly run: string; readonly us?: Micros }
  | { readonly type: 'speed'; readonly run: string; readonly speed: number | 'max' };

/** Body of any answer that is not 2xx. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
