/**
 * Playback as data: one state, and pure transitions between states. A finished run and a live one
 * differ only in their right edge. At the live edge the run itself is played: play, pause, step and
 * speed become commands to the process that hosts it. Anywhere else the page plays what is stored.
 */
import type { LiveCommand, RunState } from '../../../engine/query/types.ts';
import type { Micros } from '../../../engine/sdk/index.ts';
import type { Speed } from './speed.ts';

export interface Playback {
  /** The playhead; 0 ≤ t ≤ through. */
  readonly t: Micros;
  /** Everything up to here is stored. */
  readonly through: Micros;
  /** Planned length of the run; the strip's right end. */
  readonly duration: Micros;
  readonly runState: RunState;
  /** The process that serves the page hosts the run, so it can be steered. */
  readonly steerable: boolean;
  /** The playhead sticks to the live edge. */
  readonly following: boolean;
  /** The page itself is moving the playhead. Never while following. */
  readonly playing: boolean;
  readonly speed: Speed;
  /** Speed of the run itself, asked and measured; null before the first message. */
  readonly live: { readonly asked: Speed; readonly real: number } | null;
  /** A stretch that the page plays again and again; `to` is null until its end is marked. */
  readonly loop: Loop | null;
}

export interface Loop {
  readonly from: Micros;
  readonly to: Micros | null;
  readonly on: boolean;
}

export type PlaybackAction =
  | { readonly type: 'play' | 'pause' | 'toggle' | 'follow' }
  /** Marks the start of a loop at the playhead, then its end. */
  | { readonly type: 'loop-mark' | 'loop-toggle' }
  | { readonly type: 'seek'; readonly t: Micros }
  /** Wall time passed; only moves a playhead that the page plays. */
  | { readonly type: 'elapsed'; readonly ms: number }
  | { readonly type: 'step'; readonly us: Micros }
  | { readonly type: 'speed'; readonly speed: Speed }
  | {
      readonly type: 'reported';
      readonly state: RunState;
      readonly through: Micros;
      readonly duration: Micros;
      readonly asked: Speed;
      readonly real: number;
    };

/** A tab that was asleep must not jump by minutes when it wakes. */
const elapsedMsMax = 250;
/** What `max` means for the page's own playback: the whole run in this many seconds. */
const maxSpeedSeconds = 3;

export function isGrowing(playback: Pick<Playback, 'runState'>): boolean {
  return playback.runState === 'running' || playback.runState === 'paused';
}

/** What the play button shows: whether time moves now, whoever moves it. */
export function isMoving(playback: Playback): boolean {
  return playback.following ? playback.runState === 'running' : playback.playing;
}

export function startPlayback(run: {
  readonly state: RunState;
  readonly throughUs: Micros;
  readonly durationUs: Micros;
  readonly live: boolean;
  readonly t: Micros | null;
  readonly speed: Speed | null;
}): Playback {
  const growing = isGrowing({ runState: run.state });
  return {
    t: clamp(run.t ?? run.throughUs, run.throughUs),
    through: run.throughUs,
    duration: Math.max(run.durationUs, run.throughUs),
    runState: run.state,
    steerable: run.live && growing,
    following: growing && run.t === null,
    playing: false,
    speed: run.speed ?? 10,
    live: null,
    loop: null,
  };
}

export function advance(playback: Playback, action: PlaybackAction): Playback {
  switch (action.type) {
    case 'toggle':
      return advance(playback, { type: isMoving(playback) ? 'pause' : 'play' });
    case 'play':
      return play(playback);
    case 'pause':
      return { ...playback, playing: false };
    case 'follow':
      return follow(playback);
    case 'seek':
      return { ...playback, following: false, t: clamp(action.t, playback.through) };
    case 'step':
      return step(playback, action.us);
    case 'speed':
      return { ...playback, speed: action.speed };
    case 'loop-mark':
      return intoLoop({ ...playback, loop: markLoop(playback) });
    case 'loop-toggle':
      return intoLoop({ ...playback, loop: toggleLoop(playback.loop) });
    case 'elapsed':
      return elapse(playback, action.ms);
    case 'reported':
      return report(playback, action);
    default:
      return action satisfies never;
  }
}

/** What the action asks of the process that hosts the run; null where it is the page's own affair. */
export function commandFor(
  playback: Playback,
  action: PlaybackAction,
  run: string,
): LiveCommand | null {
  if (!playback.following || !playback.steerable) return null;
  switch (action.type) {
    case 'toggle':
      return { type: playback.runState === 'running' ? 'pause' : 'resume', run };
    case 'play':
      return { type: 'resume', run };
    case 'pause':
      return { type: 'pause', run };
    case 'speed':
      return { type: 'speed', run, speed: action.speed };
    case 'step':
      // A run can't take back what happened; stepping back leaves the edge instead.
      return playback.runState === 'paused' && action.us > 0
        ? { type: 'step', run, us: action.us }
        : null;
    default:
      return null;
  }
}

function play(playback: Playback): Playback {
  if (playback.following) return playback;
  const started = intoLoop({ ...playback, playing: true });
  if (started.t < started.through) return started;
  // At the end there is nothing left to play, so it starts over, as every player does.
  if (!isGrowing(playback)) return { ...playback, t: 0, playing: playback.through > 0 };
  return follow(playback);
}

/** Whoever plays with the loop on wants to see it: from behind its end there is no way into it. */
function intoLoop(playback: Playback): Playback {
  const { loop, playing, t } = playback;
  const behind = playing && loop?.on && loop.to !== null && t >= loop.to;
  return behind ? { ...playback, t: loop.from } : playback;
}

function follow(playback: Playback): Playback {
  return { ...playback, following: isGrowing(playback), playing: false, t: playback.through };
}

function step(playback: Playback, us: Micros): Playback {
  if (playback.following && us > 0) return playback;
  const t = clamp(playback.t + us, playback.through);
  return { ...playback, following: false, playing: false, t };
}

function elapse(playback: Playback, ms: number): Playback {
  if (!playback.playing || !(ms > 0)) return playback;
  const perMs =
    playback.speed === 'max' ? playback.duration / (maxSpeedSeconds * 1000) : playback.speed * 1000;
  const t = Math.round(playback.t + Math.min(ms, elapsedMsMax) * perMs);
  const { loop } = playback;
  // Only from within: a playhead that was put elsewhere while it plays, plays on.
  if (loop?.on && loop.to !== null && playback.t >= loop.from && playback.t < loop.to)
    return { ...playback, t: t >= loop.to ? loop.from : t };
  return t >= playback.through ? follow(playback) : { ...playback, t };
}

function markLoop({ loop, t }: Playback): Loop | null {
  if (loop === null || loop.to !== null) return { from: t, to: null, on: false };
  // A loop without length would stand still; marking twice in one place takes it back.
  if (t === loop.from) return null;
  return { from: Math.min(loop.from, t), to: Math.max(loop.from, t), on: true };
}

function toggleLoop(loop: Loop | null): Loop | null {
  return loop && loop.to !== null ? { ...loop, on: !loop.on } : loop;
}

function report(playback: Playback, told: Extract<PlaybackAction, { type: 'reported' }>): Playback {
  // Messages of a resumed connection may be older than what is known; time never goes back.
  const through = Math.max(playback.through, told.through);
  const growing = isGrowing({ runState: told.state });
  return {
    ...playback,
    through,
    duration: Math.max(told.duration, through),
    runState: told.state,
    steerable: playback.steerable && growing,
    following: playback.following && growing,
    t: playback.following ? through : playback.t,
    speed: playback.following ? told.asked : playback.speed,
    live: { asked: told.asked, real: told.real },
  };
}

function clamp(t: Micros, through: Micros): Micros {
  return Math.min(Math.max(0, Math.round(t)), through);
}
