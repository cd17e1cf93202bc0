/**
 * One shard as the pool sees it: a queue of tasks that always answers. When its thread ends, the
 * detector whose hook was running is out; the others are opened again without it and the queue goes on.
 * When the process of a person's detector ends, it is opened again itself, some times, and goes on behind
 * the task that ended it. States begin afresh, which is said, because nothing else would be honest: those
 * of the last keyframe would have missed what came since.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkbenchError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Slot } from '../replay/batch.ts';
import type { SourceHeader } from '../replay/source.ts';
import type { Micros } from '../sdk/index.ts';
import { TemplateBook } from '../templates/index.ts';
import { ProcessLink, ThreadLink, type LinkReply, type ShardLink } from './link.ts';
import {
  marker as field,
  type PlacedDetector,
  type ShardFailure,
  type ShardOutput,
  type ShardTask,
} from './protocol.ts';

export interface ShardPlan {
  readonly detectors: readonly PlacedDetector[];
  readonly index: number;
  readonly count: number;
  /** Bundled detectors share threads; a person's file has a process of its own. */
  readonly isolated: boolean;
}

export interface ShardSetting {
  readonly header: SourceHeader;
  readonly seed: number;
  readonly scoreStep: number;
  readonly slots: readonly Slot[];
  /** A line that a person's detector printed, whatever is in it. */
  readonly printed: (detector: string, line: string) => void;
  /** Times that a person's detector may begin afresh after its process ended. */
  readonly restartsMax: number;
}

/** A shard's answer, with what happened to it on the way. */
export interface ShardAnswer extends ShardOutput {
  /** Detectors that went on with fresh states, and why. */
  readonly restarted: readonly { readonly detector: string; readonly reason: string }[];
  /** Tasks that cost more than a person's detector should take, and how much. */
  readonly slow: readonly { readonly detector: string; readonly workedMs: number }[];
}

const nothing: ShardOutput = { findings: [], scores: [], failures: [], rejected: [], fed: [] };

export class Shard {
  readonly #plan: ShardPlan;
  readonly #setting: ShardSetting;
  readonly #marker = new SharedArrayBuffer(4 * field.fields);
  #detectors: readonly PlacedDetector[];
  #link: ShardLink;
  /** Everything before is known to the shard's states. */
  #through: Micros = 0;
  /** As of `through`: a host that begins late has missed what taught them. */
  readonly #templates = new TemplateBook();
  /** The task before: tasks run one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  /** The detectors have been opened once. */
  #stood = false;
  /** Times that a person's detector has begun afresh. */
  #restarts = 0;

  constructor(plan: ShardPlan, setting: ShardSetting) {
    this.#plan = plan;
    this.#setting = setting;
    this.#detectors = plan.detectors;
    this.#link = this.#connect();
  }

  /** Loads the detectors and makes their states. Failures come with the answer. */
  open(): Promise<ShardAnswer> {
    return this.#queue(async () => {
      const lost: Loss = { failures: [], restarted: [], slow: [] };
      await this.#openUntilItHolds(lost);
      return { ...nothing, ...lost };
    });
  }

  /** Answers in the order of the calls; never rejects because of a plugin. */
  run(task: Exclude<ShardTask, { type: 'open' }>): Promise<ShardAnswer> {
    return this.#queue(async () => {
      const lost: Loss = { failures: [], restarted: [], slow: [] };
      const output = await this.#runUntilItHolds(task, lost);
      this.#through = task.type === 'range' ? task.range.through : task.through;
      if (task.type === 'range') {
        for (const step of task.range.templates) this.#templates.apply(step);
      }
      const failures = [...lost.failures, ...output.failures];
      return { ...output, failures, restarted: lost.restarted, slow: lost.slow };
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#link.close();
  }

  #queue(job: () => Promise<ShardAnswer>): Promise<ShardAnswer> {
    const done = this.#last.then(job);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #runUntilItHolds(
    task: Exclude<ShardTask, { type: 'open' }>,
    lost: Loss,
  ): Promise<ShardOutput> {
    // Every round costs at least one detector, so this ends.
    while (this.#detectors.length > 0 && !this.#closed) {
      const reply = await this.#link.send(task);
      if ('output' in reply) {
        this.#noteCost(reply.workedMs ?? 0, lost);
        return reply.output;
      }
      if (this.#closed) break;
      // Plugins fail inside an answer; a task that is refused is our mistake, or the doing of one that
      // shares nothing with anybody.
      if (!('ended' in reply || this.#plan.isolated)) {
        throw new WorkbenchError('INTERNAL', { reason: reply.reason });
      }
      await this.#recover(reply, lost);
      await this.#openUntilItHolds(lost);
      // What ended a person's detector would end it again: it goes on behind this task.
      if (this.#plan.isolated) break;
    }
    return nothing;
  }

  #noteCost(workedMs: number, lost: Loss): void {
    const [placed] = this.#plan.detectors;
    if (placed === undefined || workedMs <= limits.detectorBatchMsSoft) return;
    lost.slow.push({ detector: placed.loaded.id, workedMs });
  }

  async #openUntilItHolds(lost: Loss): Promise<void> {
    const { index, count } = this.#plan;
    while (this.#detectors.length > 0 && !this.#closed) {
      const reply = await this.#link.send({
        type: 'open',
        detectors: this.#detectors,
        header: this.#setting.header,
        seed: this.#setting.seed,
        shard: { index, count },
        slots: this.#setting.slots,
        marker: this.#marker,
        startAt: this.#through,
        templates: this.#templates.snapshot(),
        scoreStep: this.#setting.scoreStep,
      });
      if ('output' in reply) {
        this.#stood = true;
        return;
      }
      await this.#recover(reply, lost);
    }
  }

  /** After an end: a person's detector may begin afresh; else the culprit is out, and the others go on. */
  async #recover(reply: Exclude<LinkReply, { ok: true }>, lost: Loss): Promise<void> {
    const culprit = this.#culprit();
    if (culprit === undefined) return;
    const restarts = this.#mayBeginAfresh(reply);
    if (restarts) this.#noteRestart(culprit, reply, lost);
    else this.#takeOut(culprit, reply, lost);
    await this.#link.close();
    if (restarts) await sleep(limits.detectorRestartDelayMs * 2 ** (this.#restarts - 1));
    if (this.#detectors.length > 0 && !this.#closed) this.#link = this.#connect();
  }

  #culprit(): PlacedDetector | undefined {
    const marked = Atomics.load(new Int32Array(this.#marker), field.detector);
    return this.#detectors.find(({ index }) => index === marked) ?? this.#detectors[0];
  }

  /** One that never stood would not stand the next time. */
  #mayBeginAfresh(reply: LinkReply): boolean {
    const { restartsMax } = this.#setting;
    return this.#plan.isolated && 'ended' in reply && this.#stood && this.#restarts < restartsMax;
  }

  #noteRestart({ loaded }: PlacedDetector, reply: LinkReply, lost: Loss): void {
    this.#restarts++;
    const { restartsMax, printed } = this.#setting;
    const why = 'ended' in reply ? `${reply.hook}: ${reply.reason}` : '';
    const reason = `began afresh (${this.#restarts} of ${restartsMax}) after ${why}`;
    lost.restarted.push({ detector: loaded.id, reason });
    printed(loaded.id, reason);
  }

  #takeOut(culprit: PlacedDetector, reply: Exclude<LinkReply, { ok: true }>, lost: Loss): void {
    const { id } = culprit.loaded;
    const after = this.#restarts > 0 ? `; it is out after ${this.#restarts} restarts` : '';
    lost.failures.push({
      detector: id,
      subject: '',
      t: this.#through - 1,
      hook: 'ended' in reply ? reply.hook : 'load',
      reason: `${reply.reason}${after}`,
      killed: 'ended' in reply,
    });
    this.#detectors = this.#detectors.filter((detector) => detector !== culprit);
    // Before the first range there is nothing to lose.
    for (const { loaded } of this.#through > 0 ? this.#detectors : []) {
      lost.restarted.push({
        detector: loaded.id,
        reason: `began afresh, for ${id} ended the thread they shared`,
      });
    }
  }

  #connect(): ShardLink {
    const [placed] = this.#plan.detectors;
    if (!this.#plan.isolated || placed === undefined) return new ThreadLink(this.#marker);
    const { slots, header, printed } = this.#setting;
    const { id } = placed.loaded;
    return new ProcessLink(placed, { slots, header, printed: (line) => printed(id, line) });
  }
}

interface Loss {
  readonly failures: ShardFailure[];
  readonly restarted: { readonly detector: string; readonly reason: string }[];
  readonly slow: { readonly detector: string; readonly workedMs: number }[];
}
