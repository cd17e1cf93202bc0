/**
 * The one owner of playhead, speed, playing and selection of the run on the page. Panels read it;
 * people, keys and the live socket act on it; the address bar follows it.
 */
import { getContext, setContext, untrack } from 'svelte';
import type { LiveCommand, LiveMessage, LogRow, RunOverview } from '../../../engine/query/types.ts';
import type { Micros } from '../../../engine/sdk/index.ts';
import type { Level } from '../../../engine/store/schema.ts';
import { formatAddress, type Address } from './address.ts';
import {
  advance,
  commandFor,
  isGrowing,
  isMoving,
  startPlayback,
  type Playback,
  type PlaybackAction,
} from './playback.ts';

/** People who asked for less motion see the playhead step once a second. */
const reducedMotionMs = 1000;

export class Player {
  readonly run: string;
  overview = $state.raw<RunOverview>() as RunOverview;

  services = $state.raw<readonly string[]>([]);
  levels = $state.raw<readonly Level[]>([]);
  text = $state('');
  templates = $state.raw<readonly number[]>([]);
  incident = $state<number | null>(null);
  /** The log row whose details are open. */
  row = $state.raw<Pick<LogRow, 'k' | 't'> | null>(null);
  /** Where the playhead was before a citation was followed. */
  returnTo = $state<Micros | null>(null);
  /** Grows when a person changed something on the server: a reason to ask again. */
  changes = $state(0);
  /** Grows with every jump of the playhead, so that lists can let go of what they held. */
  jumps = $state(0);
  /** Scenario seconds per wall second of the page's own playback, measured. */
  measuredSpeed = $state<number | null>(null);

  #playback = $state.raw<Playback>() as Playback;
  #send: (command: LiveCommand) => void = () => undefined;

  constructor(overview: RunOverview, address: Address) {
    this.run = overview.id;
    this.overview = overview;
    this.#playback = startPlayback({
      state: overview.state,
      throughUs: overview.throughUs,
      durationUs: overview.durationUs,
      live: overview.live,
      t: address.t,
      speed: address.speed,
    });
    this.#select(address);
  }

  readonly t: Micros = $derived(this.#playback.t);
  readonly through: Micros = $derived(this.#playback.through);
  readonly duration: Micros = $derived(this.#playback.duration);
  readonly following: boolean = $derived(this.#playback.following);
  readonly steerable: boolean = $derived(this.#playback.steerable);
  readonly growing: boolean = $derived(isGrowing(this.#playback));
  /**
   * The moment that answers at the playhead speak of: the last microsecond of a growing run is still
   * being written, so what a person does at its edge is done just before it, where it can be seen.
   */
  readonly seen: Micros = $derived(
    this.growing ? Math.max(0, Math.min(this.t, this.through - 1)) : this.t,
  );
  readonly moving: boolean = $derived(isMoving(this.#playback));
  readonly playing: boolean = $derived(this.#playback.playing);
  readonly runState = $derived(this.#playback.runState);
  readonly speed = $derived(this.#playback.speed);
  readonly loop = $derived(this.#playback.loop);
  readonly realSpeed: number | null = $derived(
    this.#playback.following ? (this.#playback.live?.real ?? null) : this.measuredSpeed,
  );
  /** At the live edge of a run that another process writes: it can be watched, not steered. */
  readonly canSteer: boolean = $derived(!this.#playback.following || this.#playback.steerable);
  /** The service whose charts are shown. */
  readonly service: string | null = $derived(this.services.at(-1) ?? null);

  /** What the address bar should say. */
  readonly search: string = $derived(this.#search(Math.floor(this.t / 1_000_000)));

  act(action: PlaybackAction): void {
    const command = commandFor(this.#playback, action, this.run);
    this.#playback = advance(this.#playback, action);
    if (command) this.#send(command);
    if (action.type === 'seek' || action.type === 'step' || action.type === 'follow')
      this.jumps += 1;
  }

  /** Moves the playhead because a person pointed at a moment. */
  seek(t: Micros): void {
    this.returnTo = null;
    this.act({ type: 'seek', t });
  }

  /** Shows the moment that a claim cites, and remembers the way back. */
  cite(evidence: {
    readonly t: Micros;
    readonly service: string | null;
    readonly row?: number;
  }): void {
    const from = this.returnTo ?? this.t;
    this.act({ type: 'pause' });
    this.act({ type: 'seek', t: evidence.t });
    this.returnTo = from > evidence.t ? from : null;
    if (evidence.service) this.services = [evidence.service];
    if (evidence.row === undefined) return;
    // A filter that hides the cited row would make the citation look empty.
    this.levels = [];
    this.text = '';
    this.templates = [];
    this.row = { k: evidence.row, t: evidence.t };
  }

  toggleService(name: string): void {
    this.services = this.services.includes(name)
      ? this.services.filter((one) => one !== name)
      : [...this.services, name];
  }

  /** Shows the lines of one template alone; again, and all are shown. */
  selectTemplate(id: number): void {
    this.templates = this.templates.includes(id) ? [] : [id];
  }

  /** Shows one service alone; again, and all are shown. */
  selectService(name: string): void {
    this.services = this.services.length === 1 && this.services[0] === name ? [] : [name];
  }

  toggleLevel(level: Level): void {
    this.levels = this.levels.includes(level)
      ? this.levels.filter((one) => one !== level)
      : [...this.levels, level];
  }

  /** Takes what the live socket says. */
  hear(message: Extract<LiveMessage, { type: 'run' }>): void {
    this.act({
      type: 'reported',
      state: message.state,
      through: message.throughUs,
      duration: message.durationUs,
      asked: message.askedSpeed,
      real: message.realSpeed,
    });
  }

  steerBy(send: (command: LiveCommand) => void): void {
    this.#send = send;
  }

  /** Back and forward of the browser. */
  restore(address: Address): void {
    if (address.t !== null) this.act({ type: 'seek', t: address.t });
    else this.act(this.growing ? { type: 'follow' } : { type: 'seek', t: this.through });
    if (address.speed !== null && !this.following)
      this.act({ type: 'speed', speed: address.speed });
    this.#select(address);
  }

  /** Plays while the page asks for it; call once, while the layout is made. */
  runClock(): void {
    $effect(() => {
      if (!this.playing) return;
      return untrack(() => this.#animate());
    });
  }

  #animate(): () => void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    let last = performance.now();
    let mark = { at: last, t: this.t };
    let frame = 0;
    const step = (now: number) => {
      const pause = still ? reducedMotionMs : 0;
      if (now - last >= pause) {
        // One bounded step a second, in pieces that the clamp against sleeping tabs lets through.
        for (let left = Math.min(now - last, 1000); left > 0; left -= 250)
          this.act({ type: 'elapsed', ms: Math.min(left, 250) });
        last = now;
      }
      if (now - mark.at >= 500) {
        // A loop that began anew has no speed to tell.
        if (this.t > mark.t) this.measuredSpeed = (this.t - mark.t) / 1000 / (now - mark.at);
        mark = { at: now, t: this.t };
      }
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => {
      cancelAnimationFrame(frame);
      this.measuredSpeed = null;
    };
  }

  #select(address: Address): void {
    this.services = address.services;
    this.levels = address.levels;
    this.text = address.text;
    this.templates = address.templates;
    this.incident = address.incident;
  }

  #search(wholeSeconds: number): string {
    const { through, growing, following, speed } = this;
    const atEnd = following || (!growing && this.#playback.t >= through);
    const t = this.playing ? wholeSeconds * 1_000_000 : this.#playback.t;
    return formatAddress({
      t: atEnd ? null : t,
      services: this.services,
      levels: this.levels,
      text: this.text,
      templates: this.templates,
      incident: this.incident,
      speed: speed === 10 || following ? null : speed,
    });
  }
}

const key = Symbol('player');

export function providePlayer(player: Player): Player {
  return setContext(key, player);
}

export function usePlayer(): Player {
  return getContext<Player>(key);
}
