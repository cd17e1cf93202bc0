/**
 * One shard as the pool sees it: a queue of tasks that always answers. When its thread or process
 * ends, the detector whose hook was running is out; the others are opened again without it and the
 * queue goes on. Their states begin afresh, which is said, because nothing else would be honest.
 */
import { WorkbenchError } from '../errors.ts';
import type { Slot } from '../replay/batch.ts';
import type { SourceHeader } from '../replay/source.ts';
import type { Micros } from '../sdk/index.ts';
import { TemplateBook } from '../templates/index.ts';
import { ProcessLink, ThreadLink, type LinkReply, type ShardLink } from './link.ts';
import {
  marker as field,
  markedHooks,
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
}

/** A shard's answer, with what happened to it on the way. */
export interface ShardAnswer extends ShardOutput {
  /** Detectors that went on with fresh states, and why. */
  readonly restarted: readonly { readonly detector: string; readonly reason: string }[];
}

const nothing: ShardOutput = { findings: [], scores: [], failures: [], fed: [] };

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

  constructor(plan: ShardPlan, setting: ShardSetting) {
    this.#plan = plan;
    this.#setting = setting;
    this.#detectors = plan.detectors;
    this.#link = this.#connect();
  }

  /** Loads the detectors and makes their states. Failures come with the answer. */
  open(): Promise<ShardAnswer> {
    return this.#queue(async () => {
      const lost: Loss = { failures: [], restarted: [] };
      await this.#openUntilItHolds(lost);
      return { ...nothing, ...lost };
    });
  }

  /** Answers in the order of the calls; never rejects because of a plugin. */
  run(task: Exclude<ShardTask, { type: 'open' }>): Promise<ShardAnswer> {
    return this.#queue(async () => {
      const lost: Loss = { failures: [], restarted: [] };
      const output = await this.#runUntilItHolds(task, lost);
      this.#through = task.type === 'range' ? task.range.through : task.through;
      if (task.type === 'range') {
        for (const step of task.range.templates) this.#templates.apply(step);
      }
      const failures = [...lost.failures, ...output.failures];
      return { ...output, failures, restarted: lost.restarted };
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
      if ('output' in reply) return reply.output;
      if (this.#closed) break;
      // Plugins fail inside an answer; a task that is refused is our mistake, nobody else's.
      if (!('ended' in reply)) throw new WorkbenchError('INTERNAL', { reason: reply.reason });
      await this.#without(reply, lost);
      await this.#openUntilItHolds(lost);
    }
    return nothing;
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
      if ('output' in reply) return;
      await this.#without(reply, lost);
    }
  }

  /** Takes the culprit out and connects anew for the others. */
  async #without(reply: Exclude<LinkReply, { ok: true }>, lost: Loss): Promise<void> {
    const marks = new Int32Array(this.#marker);
    const marked = Atomics.load(marks, field.detector);
    const [only] = this.#detectors;
    const culprit = this.#detectors.find(({ index }) => index === marked) ?? only;
    if (culprit === undefined) return;
    const { id } = culprit.loaded;
    // A process has no shared marker; what it was asked for is all that is known.
    const hook = this.#plan.isolated
      ? 'a hook'
      : (markedHooks[Atomics.load(marks, field.hook)] ?? 'a hook');
    const { reason } = reply;
    lost.failures.push({
      detector: id,
      subject: '',
      t: this.#through - 1,
      hook,
      reason,
      killed: 'ended' in reply,
    });
    this.#detectors = this.#detectors.filter((detector) => detector !== culprit);
    // Before the first range there is nothing to lose.
    for (const { loaded } of this.#through > 0 ? this.#detectors : []) {
      lost.restarted.push({
        detector: loaded.id,
        reason: `its states began afresh: ${id} ended the thread they shared`,
      });
    }
    await this.#link.close();
    if (this.#detectors.length > 0 && !this.#closed) this.#link = this.#connect();
  }

  #connect(): ShardLink {
    const { slots, printed } = this.#setting;
    const detector = this.#plan.detectors[0]?.loaded.id ?? '';
    return this.#plan.isolated
      ? new ProcessLink(slots, (line) => printed(detector, line))
      : new ThreadLink(this.#marker);
  }
}

interface Loss {
  readonly failures: ShardFailure[];
  readonly restarted: { readonly detector: string; readonly reason: string }[];
}
