/**
 * The rows of the logs panel. While it follows, it holds the newest rows at the playhead; once a
 * person scrolls up it holds still, takes older rows as they are needed, and only counts what is new.
 */
import { untrack } from 'svelte';
import type { LogPage, LogRow } from '../../../engine/query/types.ts';
import { ask, problemFrom } from '../api/ask.ts';
import { runPath } from '../api/query.ts';
import { Question } from '../api/question.svelte.ts';
import type { Player } from '../player/player.svelte.ts';

const pageRows = 200;
/** Rows kept while reading back; older ones are asked for again by scrolling the list anew. */
const heldRowsMax = 5000;

export class LogStream {
  readonly question: Question<LogPage>;
  following = $state(true);
  #held = $state.raw<readonly LogRow[]>([]);
  #heldMore = $state(false);
  #matchedWhenHeld = $state(0);
  #loading = false;
  readonly #player: Player;

  /** Call while a component is made. */
  constructor(player: Player) {
    this.#player = player;
    this.question = new Question(() => this.#path({ t: player.t, limit: pageRows }));
    $effect(() => {
      // Other rows match now, or the playhead jumped: what is held is of no use.
      void [player.jumps, player.levels, player.services, player.text, player.templates];
      untrack(() => this.follow());
    });
  }

  readonly rows: readonly LogRow[] = $derived.by(() =>
    this.following ? (this.question.answer?.rows ?? []) : this.#held,
  );
  readonly more: boolean = $derived.by(() =>
    this.following ? (this.question.answer?.more ?? false) : this.#heldMore,
  );
  /** Rows that came since the list was held still; null where nobody counted. */
  readonly fresh: number | null = $derived.by(() => {
    const matched = this.question.answer?.matched ?? null;
    if (this.following || matched === null) return null;
    return Math.max(0, matched - this.#matchedWhenHeld);
  });

  follow(): void {
    this.following = true;
    this.#held = [];
  }

  hold(): void {
    if (!this.following) return;
    this.#held = this.rows;
    this.#heldMore = this.more;
    this.#matchedWhenHeld = this.question.answer?.matched ?? 0;
    this.following = false;
  }

  /** Puts older rows before the first one. @returns how many */
  async loadOlder(): Promise<number> {
    const first = this.rows[0];
    if (this.#loading || !first || !this.more || this.rows.length >= heldRowsMax) return 0;
    this.#loading = true;
    this.hold();
    const held = this.#held;
    try {
      const page = await ask<LogPage>(
        this.#path({ t: this.#player.t, before: first.k, limit: pageRows }),
      );
      // Something else was asked for meanwhile; these rows belong to the past.
      if (this.following || this.#held !== held) return 0;
      this.#held = [...page.rows, ...held];
      this.#heldMore = page.more;
      return page.rows.length;
    } catch (thrown) {
      this.question.problem = problemFrom(thrown);
      return 0;
    } finally {
      this.#loading = false;
    }
  }

  #path(where: Readonly<Record<string, number>>): string {
    const { run, levels, services, text, templates } = this.#player;
    const filter = { level: levels, service: services, text, template: templates };
    return runPath(run, 'logs', { ...where, ...filter });
  }
}
