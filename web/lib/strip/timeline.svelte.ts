/** What lies along the run so far, for the strip, and the ways to jump along it. */
import { getContext, setContext } from 'svelte';
import type { Histogram, Markers, Neighbour } from '../../../engine/query/types.ts';
import type { Micros } from '../../../engine/sdk/index.ts';
import { ask, problemFrom } from '../api/ask.ts';
import { runPath } from '../api/query.ts';
import { Question } from '../api/question.svelte.ts';
import { useShell, type Shell } from '../shell/shell.svelte.ts';
import type { Player } from '../player/player.svelte.ts';
import { bucketsFor } from './geometry.ts';

const stripBuckets = 240;

export class Timeline {
  readonly histogram: Question<Histogram>;
  readonly markers: Question<Markers>;
  readonly #player: Player;
  readonly #shell: Shell = useShell();

  /** Call while the layout of a run is made. */
  constructor(player: Player) {
    this.#player = player;
    const strip = () =>
      runPath(player.run, 'histogram', {
        t: player.t,
        from: 0,
        to: player.duration,
        buckets: bucketsFor({ from: 0, to: player.duration, t: player.t, most: stripBuckets }),
      });
    this.histogram = new Question(() => (player.duration > 0 ? strip() : null), { everyMs: 400 });
    this.markers = new Question(() => runPath(player.run, 'markers', { t: player.t }), {
      everyMs: 400,
      changes: () => player.changes,
    });
  }

  /** To the log record before or after the playhead, with the same level and service filters. */
  async toRecord(direction: 1 | -1): Promise<void> {
    const { services, levels, following } = this.#player;
    if (direction > 0 && following) return this.#player.act({ type: 'step', us: 1000 });
    await this.#jump(direction, { kind: 'record', level: levels, service: services });
  }

  async toMarker(direction: 1 | -1): Promise<void> {
    await this.#jump(direction, { kind: 'mark' });
  }

  async toIncident(direction: 1 | -1): Promise<void> {
    await this.#jump(direction, { kind: 'incident' }, async (t) => {
      // Which one it is can be known only there.
      const { incidents } = await ask<Markers>(runPath(this.#player.run, 'markers', { t }));
      const found = incidents.find((incident) => incident.from === t);
      if (found) this.#player.incident = found.id;
    });
  }

  /** Where to go is all that the page learns of what it has not shown yet. */
  async #jump(
    direction: 1 | -1,
    what: Readonly<Record<string, string | readonly string[]>>,
    arrived: (t: Micros) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const { run, t } = this.#player;
    const where = { t, direction: direction > 0 ? 'next' : 'previous', ...what };
    try {
      const { t: to, searchedTo } = await ask<Neighbour>(runPath(run, 'neighbour', where));
      if (to === null) this.#shell.say(searchedTo === null ? noneThere : searchGoesOn);
      if (to !== null || searchedTo !== null) this.#player.seek(to ?? searchedTo ?? t);
      if (to !== null) await arrived(to);
    } catch (thrown) {
      this.#shell.say(problemFrom(thrown).message);
    }
  }
}

const noneThere = 'There is none in that direction';
const searchGoesOn = 'None among the next records; press again to search on';

const key = Symbol('timeline');

export function provideTimeline(timeline: Timeline): Timeline {
  return setContext(key, timeline);
}

export function useTimeline(): Timeline {
  return getContext<Timeline>(key);
}
