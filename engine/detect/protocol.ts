/** What the pool and its shards say to each other. Plain data, so it crosses threads and processes. */
import type { Finding } from '../incident/model.ts';
import type { Slot } from '../replay/batch.ts';
import type { SourceHeader } from '../replay/source.ts';
import type { LogTemplate, Micros } from '../sdk/index.ts';
import type { ScoreStep } from '../store/model.ts';
import type { TemplateStep } from '../templates/index.ts';
import { hookNames, type Description, type HookName } from './contract.ts';
import type { LoadedDetector } from './load.ts';
import type { DetectorModule } from './module.ts';
import type { CheckResult } from './testing/check-result.ts';

/** A part of a batch: records [from, to) of a slot, after which everything before `through` is known. */
export interface DetectorRange {
  readonly slot: number;
  /** Number of the batch; a slot's text is decoded once for each. */
  readonly sequence: number;
  readonly count: number;
  readonly textBytes: number;
  readonly from: number;
  readonly to: number;
  /** What the range's logs teach about their templates, in their order. */
  readonly templates: readonly TemplateStep[];
  /** Exclusive watermark. */
  readonly through: Micros;
}

export interface DetectorFailure {
  readonly detector: string;
  /** Hook, or `load`. */
  readonly hook: string;
  readonly reason: string;
  /** By the clock or by its end; the run's digest then compares with no other. */
  readonly killed: boolean;
}

/** A failure inside a shard; the pool keeps a detector's earliest. */
export interface ShardFailure extends DetectorFailure {
  readonly t: Micros;
  readonly subject: string;
}

/** Findings that the engine did not take, and why; the detector goes on. */
export interface Rejection {
  readonly detector: string;
  /** Of the first of them. */
  readonly t: Micros;
  readonly subject: string;
  readonly reason: string;
  readonly count: number;
}

export interface ShardOutput {
  readonly findings: readonly Finding[];
  readonly scores: readonly ScoreStep[];
  readonly failures: readonly ShardFailure[];
  /** One for each reason. */
  readonly rejected: readonly Rejection[];
  /** Records fed, by place in the run's list of detectors. */
  readonly fed: readonly (readonly [detector: number, records: number])[];
}

/** A detector with its place in the run's list, which names it in `fed` and in the marker. */
export interface PlacedDetector {
  readonly index: number;
  readonly loaded: LoadedDetector;
}

export interface OpenTask {
  readonly type: 'open';
  readonly detectors: readonly PlacedDetector[];
  readonly header: SourceHeader;
  readonly seed: number;
  /** This shard keeps the states whose hash falls on `index` of `count`. */
  readonly shard: { readonly index: number; readonly count: number };
  readonly slots: readonly Slot[];
  /** Where the shard says what it is doing, for the watchdog; see `marker`. */
  readonly marker: SharedArrayBuffer | null;
  /** Scenario time at which its states begin; 0 but for a shard that is started again. */
  readonly startAt: Micros;
  /** Templates that are known by then. */
  readonly templates: readonly LogTemplate[];
  /** Keep a score that moved by this much; 0 keeps every one. */
  readonly scoreStep: number;
}

export type ShardTask =
  | OpenTask
  | {
      readonly type: 'range';
      readonly range: DetectorRange;
      /** The filled part of the batch, for a shard that shares no memory and has not got it; else null. */
      readonly packed: Uint8Array | null;
      /** Detectors that failed elsewhere and are to be left out from here on. */
      readonly stopped: readonly number[];
    }
  | { readonly type: 'finish'; readonly through: Micros; readonly stopped: readonly number[] };

export type ShardReply =
  | { readonly ok: true; readonly output: ShardOutput }
  | { readonly ok: false; readonly reason: string };

/** What a person's detector may be asked in its process: to describe itself, to be tested, or a shard's task. */
export type PluginRequest =
  | { readonly type: 'describe'; readonly module: DetectorModule }
  | {
      readonly type: 'test';
      readonly module: DetectorModule;
      /** URL of the module of its examples; null where there is none. */
      readonly examples: string | null;
    }
  | ShardTask;

/** What comes out of such a process; see `plugin-message.ts` for how much of it is believed. */
export type PluginMessage =
  | { readonly type: 'description'; readonly description: Description }
  /** A part of the output of a task, or why there is none. */
  | { readonly type: 'output'; readonly output: unknown; readonly last: boolean }
  | { readonly type: 'refused'; readonly reason: string }
  /** The checks that will be run, the one that begins, and what came of it. */
  | { readonly type: 'checks'; readonly id: string; readonly names: readonly string[] }
  | { readonly type: 'checked'; readonly result: CheckResult }
  | { readonly type: 'tested' };

/** Fields of the marker, an Int32Array that a shard writes and the watchdog reads. */
export const marker = {
  /** 1 while a task runs. */
  busy: 0,
  /** Place of the detector whose hook runs. */
  detector: 1,
  /** Index into `markedHooks`. */
  hook: 2,
  /** Counts hook calls; one that stands still while busy is a hook that does not return. */
  progress: 3,
  fields: 4,
} as const;

export const markedHooks: readonly (HookName | 'load' | 'init')[] = [...hookNames, 'load', 'init'];
