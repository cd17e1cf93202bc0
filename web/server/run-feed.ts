/**
 * What happens to one run, for everyone who watches it. A hosted run tells us; the file of a run that
 * another process writes is looked at twice a second. Either way changes are coalesced: the first one
 * goes out at once, the last one always does, what lies between may be skipped.
 */
import type { LiveStatus, RunControl } from '../../engine/replay/control.ts';
import { limits } from '../../engine/limits.ts';
import type { RunProgress } from '../../engine/query/types.ts';
import { Refused, refusalOf } from './refusal.ts';

const beatMs = 1_000 / limits.liveUpdatesPerSecondMax;
const pollMs = 500;
/** `realSpeed` is measured over this much wall time, ms. */
const speedWindowMs = 2_000;

export interface FeedSource {
  /** Calls back with the status now and after each change; returns how to stop. */
  watch(changed: (status: LiveStatus) => void): () => void;
}

/** A run that this process hosts. */
export function hostedSource(control: RunControl): FeedSource {
  return {
    watch(changed) {
      changed(control.status());
      return control.watch(changed);
    },
  };
}

/** A run that another process writes, or that is over. `failed` hears of a file that went away. */
export function fileSource(options: {
  readonly progress: () => Promise<RunProgress>;
  readonly now: () => number;
  readonly failed: (thrown: unknown) => void;
}): FeedSource {
  return {
    watch(changed) {
      const speed = speedMeter();
      let last = '';
      let timer: NodeJS.Timeout | undefined;
      let isStopped = false;
      const look = async (): Promise<void> => {
        const progress = await options.progress();
        if (isStopped) return;
        const realSpeed = speed(options.now(), progress.throughUs);
        const status: LiveStatus = { ...progress, realSpeed };
        const text = JSON.stringify(status);
        if (text !== last) changed(status);
        last = text;
        if (progress.state === 'running' || progress.state === 'paused') lookLater();
      };
      const lookNow = (): void => {
        look().catch((thrown: unknown) => {
          if (isStopped) return;
          // A server with too much to do says nothing of the file: the next look may.
          if (isTemporary(thrown)) lookLater();
          else options.failed(thrown);
        });
      };
      const lookLater = (): void => void (timer = setTimeout(lookNow, pollMs));
      lookNow();
      return () => {
        isStopped = true;
        clearTimeout(timer);
      };
    },
  };
}

function isTemporary(thrown: unknown): boolean {
  return thrown instanceof Refused || refusalOf(thrown).status === 504;
}

/** Scenario seconds per wall second over the last `speedWindowMs`, from single looks. */
function speedMeter(): (wallMs: number, throughUs: number) => number {
  let looks: { wallMs: number; throughUs: number }[] = [];
  return (wallMs, throughUs) => {
    looks = [
      ...looks.filter((look) => wallMs - look.wallMs <= speedWindowMs),
      { wallMs, throughUs },
    ];
    const first = looks[0];
    if (!first || first.wallMs >= wallMs) return 0;
    return (throughUs - first.throughUs) / 1_000 / (wallMs - first.wallMs);
  };
}

/** Passes on the newest status, at most `limits.liveUpdatesPerSecondMax` times a second. */
export class RunFeed {
  readonly #deliver: (status: LiveStatus) => void;
  readonly #stopSource: () => void;
  #timer: NodeJS.Timeout | null = null;
  #waiting: LiveStatus | null = null;
  /** What everyone was told last; null until the first. */
  latest: LiveStatus | null = null;

  constructor(source: FeedSource, deliver: (status: LiveStatus) => void) {
    this.#deliver = deliver;
    this.#stopSource = source.watch((status) => this.#changed(status));
  }

  stop(): void {
    this.#stopSource();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = null;
  }

  #changed(status: LiveStatus): void {
    if (this.#timer) {
      this.#waiting = status;
      return;
    }
    this.latest = status;
    this.#deliver(status);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const waiting = this.#waiting;
      this.#waiting = null;
      if (waiting) this.#changed(waiting);
    }, beatMs);
  }
}
