/** What lies along the run so far, for the strip, and the ways to jump along it. */
import { getContext, setContext } from 'svelte';
import type { Histogram, LogPage, Markers } from '../../../engine/query/types.ts';
import type { Micros } from '../../../engine/sdk/index.ts';
import { ask, problemFrom } from '../api/ask.ts';
import { runPath } from '../api/query.ts';
import { Question } from '../api/question.svelte.ts';
import { useShell, type Shell } from '../shell/shell.svelte.ts';
import type { Player } from '../player/player.svelte.ts';
import { bucketsFor, neighbourMarker } from './geometry.ts';

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
    const markers = () => runPath(player.run, 'markers', { t: player.t });
    this.histogram = new Question(() => (player.duration > 0 ? strip() : null), { everyMs: 400 });
    this.markers = new Question(() => (player.changes >= 0 ? markers() : null), { everyMs: 400 });
  }

  /** To the log record before or after the playhead, with the same level and service filters. */
  async toRecord(direction: 1 | -1): Promise<void> {
    const { t, run, services, levels, through, following } = this.#player;
    if (direction > 0 && following) return this.#player.act({ type: 'step', us: 1000 });
    const filters = { level: levels, service: services, limit: 1 };
    const where = direction > 0 ? { t: through, after: rowKeyPast(t) } : { t: Math.max(0, t - 1) };
    await this.#jump(async () => {
      const page = await ask<LogPage>(runPath(run, 'logs', { ...where, ...filters }));
      return page.rows[0]?.t ?? null;
    });
  }

  async toMarker(direction: 1 | -1): Promise<void> {
    await this.#jump(async () => {
      const all = await this.#all(direction);
      const times = [...all.changes, ...all.findings].map((marker) => marker.t);
      times.push(...all.incidents.map((incident) => incident.from));
      return neighbourMarker(times, this.#player.t, direction);
    });
  }

  async toIncident(direction: 1 | -1): Promise<void> {
    await this.#jump(async () => {
      const { incidents } = await this.#all(direction);
      const to = neighbourMarker(
        incidents.map((incident) => incident.from),
        this.#player.t,
        direction,
      );
      const found = incidents.find((incident) => incident.from === to);
      if (found) this.#player.incident = found.id;
      return to;
    });
  }

  /** Going on needs the markers that are not drawn yet; they are asked for then, and not kept. */
  async #all(direction: 1 | -1): Promise<Markers> {
    const { run, through, t } = this.#player;
    return ask<Markers>(runPath(run, 'markers', { t: direction > 0 ? through : t }));
  }

  async #jump(find: () => Promise<Micros | null>): Promise<void> {
    try {
      const t = await find();
      if (t === null) this.#shell.say('There is none in that direction');
      else this.#player.seek(t);
    } catch (thrown) {
      this.#shell.say(problemFrom(thrown).message);
    }
  }
}

/** Key of the last row that can lie at `t`: rows of one moment are numbered from `t · 4`. */
function rowKeyPast(t: Micros): number {
  return t * 4 + 3;
}

const key = Symbol('timeline');

export function provideTimeline(timeline: Timeline): Timeline {
  return setContext(key, timeline);
}

export function useTimeline(): Timeline {
  return getContext<Timeline>(key);
}
