/**
 * The player against a small model of itself. The model keeps only what a person can see: where the
 * playhead may be, whether time moves, and who moves it.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LiveCommand } from '../../engine/query/types.ts';
import {
  advance,
  commandFor,
  isGrowing,
  isMoving,
  startPlayback,
  type Playback,
  type PlaybackAction,
} from '../../web/lib/player/playback.ts';
import { speeds } from '../../web/lib/player/speed.ts';

const second = 1_000_000;

interface Model {
  t: number;
  through: number;
  /** Who moves the playhead. */
  mover: 'nobody' | 'page' | 'run';
  runState: Playback['runState'];
  speed: Playback['speed'];
  duration: number;
  readonly hosted: boolean;
}

interface Real {
  playback: Playback;
  sent: LiveCommand[];
}

class Act implements fc.Command<Model, Real> {
  readonly action: PlaybackAction;

  constructor(action: PlaybackAction) {
    this.action = action;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    const before = real.playback;
    const command = commandFor(before, this.action, 'r');
    const after = advance(before, this.action);
    real.playback = after;
    if (command) real.sent.push(command);
    expectation(model, this.action);
    invariants(after);
    expect(after.through).toBe(model.through);
    expect(after.following).toBe(model.mover === 'run');
    expect(after.playing).toBe(model.mover === 'page');
    if (this.action.type === 'elapsed') {
      // How far is the clock's affair; that it never goes back or beyond is the model's.
      expect(after.t).toBeGreaterThanOrEqual(before.t);
      model.t = after.t;
    } else expect(after.t).toBe(model.t);
    if (command) expect(before.following && before.steerable).toBe(true);
    if (!model.hosted) expect(real.sent).toEqual([]);
  }

  toString(): string {
    return JSON.stringify(this.action);
  }
}

/** What a person would expect of each act. */
function expectation(model: Model, action: PlaybackAction): void {
  const growing = isGrowing(model);
  const toEnd = () => {
    model.t = model.through;
    model.mover = growing ? 'run' : 'nobody';
  };
  switch (action.type) {
    case 'toggle': {
      const moving =
        model.mover === 'page' || (model.mover === 'run' && model.runState === 'running');
      return expectation(model, { type: moving ? 'pause' : 'play' });
    }
    case 'play':
      if (model.mover === 'run') return;
      if (model.t < model.through) model.mover = 'page';
      else if (growing) toEnd();
      else {
        model.t = 0;
        model.mover = model.through > 0 ? 'page' : 'nobody';
      }
      return;
    case 'pause':
      if (model.mover === 'page') model.mover = 'nobody';
      return;
    case 'follow':
      return toEnd();
    case 'seek':
      model.t = Math.min(Math.max(0, Math.round(action.t)), model.through);
      if (model.mover === 'run') model.mover = 'nobody';
      return;
    case 'step':
      if (model.mover === 'run' && action.us > 0) return;
      model.t = Math.min(Math.max(0, model.t + action.us), model.through);
      model.mover = 'nobody';
      return;
    case 'reported':
      model.through = Math.max(model.through, action.through);
      model.duration = Math.max(action.duration, model.through);
      if (model.mover === 'run') model.speed = action.asked;
      model.runState = action.state;
      if (model.mover === 'run') model.t = model.through;
      if (model.mover === 'run' && !isGrowing(model)) model.mover = 'nobody';
      return;
    case 'elapsed': {
      // Reaching the end hands over to the run, or stops.
      if (model.mover !== 'page') return;
      if (reaches(model, action.ms)) toEnd();
      return;
    }
    case 'speed':
      model.speed = action.speed;
      return;
    case 'loop-mark':
    case 'loop-toggle':
      // A loop shows only while time moves through it; see below.
      return;
    default:
      return action satisfies never;
  }
}

function reaches(model: Model, ms: number): boolean {
  const perMs = model.speed === 'max' ? model.duration / 3000 : model.speed * 1000;
  return Math.round(model.t + Math.min(ms, 250) * perMs) >= model.through;
}

function invariants(playback: Playback): void {
  expect(playback.t).toBeGreaterThanOrEqual(0);
  expect(playback.t).toBeLessThanOrEqual(playback.through);
  expect(Number.isInteger(playback.t)).toBe(true);
  expect(playback.through).toBeLessThanOrEqual(playback.duration);
  if (playback.following) {
    expect(playback.t).toBe(playback.through);
    expect(isGrowing(playback)).toBe(true);
  }
  expect(playback.following && playback.playing).toBe(false);
  if (playback.playing) expect(isMoving(playback)).toBe(true);
}

const times = fc.integer({ min: -10, max: 3600 }).map((seconds) => seconds * second);
const runStates = fc.constantFrom<Playback['runState']>('running', 'paused', 'completed', 'failed');
const speed = fc.constantFrom(...speeds);

const acts = [
  fc.constantFrom('play', 'pause', 'toggle', 'follow').map((type) => new Act({ type })),
  times.map((t) => new Act({ type: 'seek', t })),
  fc.integer({ min: 0, max: 5000 }).map((ms) => new Act({ type: 'elapsed', ms })),
  times.map((us) => new Act({ type: 'step', us: us - 1800 * second })),
  speed.map((one) => new Act({ type: 'speed', speed: one })),
  fc
    .record({ state: runStates, through: times, duration: times, asked: speed })
    .map((told) => new Act({ type: 'reported', real: 1, ...told })),
];

const run = fc.record({
  state: runStates,
  throughUs: fc.nat(3600).map((seconds) => seconds * second),
  durationUs: fc.nat(3600).map((seconds) => seconds * second),
  live: fc.boolean(),
  t: fc.option(times),
  speed: fc.option(speed),
});

test('the player does what a person expects, whatever comes in whatever order', () => {
  fc.assert(
    fc.property(run, fc.commands(acts, { maxCommands: 60 }), (opened, commands) => {
      const playback = startPlayback(opened);
      invariants(playback);
      const model: Model = {
        t: playback.t,
        through: opened.throughUs,
        mover: playback.following ? 'run' : 'nobody',
        runState: opened.state,
        speed: opened.speed ?? 10,
        duration: playback.duration,
        hosted: opened.live,
      };
      fc.modelRun(() => ({ model, real: { playback, sent: [] } }), commands);
    }),
    { numRuns: 300 },
  );
});

test('an address wins over the live edge, and a finished run opens at its end', () => {
  const base = { throughUs: 60 * second, durationUs: 90 * second, live: true, speed: null };
  const live = startPlayback({ ...base, state: 'running', t: null });
  expect([live.following, live.t]).toEqual([true, 60 * second]);
  const shared = startPlayback({ ...base, state: 'running', t: 5 * second });
  expect([shared.following, shared.t, isMoving(shared)]).toEqual([false, 5 * second, false]);
  const done = startPlayback({ ...base, state: 'completed', live: false, t: null });
  expect([done.following, done.t, done.steerable]).toEqual([false, 60 * second, false]);
});

test('at the live edge, acts become commands; behind it they do not', () => {
  const opened = { state: 'running', throughUs: second, durationUs: second, live: true } as const;
  const live = startPlayback({ ...opened, t: null, speed: null });
  expect(commandFor(live, { type: 'toggle' }, 'r')).toEqual({ type: 'pause', run: 'r' });
  expect(commandFor(live, { type: 'speed', speed: 'max' }, 'r')).toEqual({
    type: 'speed',
    run: 'r',
    speed: 'max',
  });
  const paused: Playback = { ...live, runState: 'paused' };
  expect(commandFor(paused, { type: 'toggle' }, 'r')).toEqual({ type: 'resume', run: 'r' });
  expect(commandFor(paused, { type: 'step', us: 5 }, 'r')).toEqual({
    type: 'step',
    run: 'r',
    us: 5,
  });
  const behind = advance(live, { type: 'seek', t: 0 });
  expect(commandFor(behind, { type: 'toggle' }, 'r')).toBeNull();
});

test('a loop is played over and over from within, and left alone from outside', () => {
  const places = fc.uniqueArray(fc.integer({ min: 0, max: 60 * second }), {
    minLength: 2,
    maxLength: 2,
  });
  const opened = { state: 'completed', throughUs: 60 * second, durationUs: 60 * second } as const;
  fc.assert(
    fc.property(
      places,
      fc.array(fc.nat(250), { minLength: 1, maxLength: 60 }),
      speed,
      (at, waits, fast) => {
        const [one = 0, other = 0] = at;
        let playback = startPlayback({ ...opened, live: false, t: one, speed: fast });
        for (const action of [
          { type: 'loop-mark' },
          { type: 'seek', t: other },
          { type: 'loop-mark' },
          { type: 'seek', t: Math.min(one, other) },
          { type: 'play' },
        ] as const)
          playback = advance(playback, action);
        expect(playback.loop).toEqual({
          from: Math.min(one, other),
          to: Math.max(one, other),
          on: true,
        });
        for (const ms of waits) {
          playback = advance(playback, { type: 'elapsed', ms });
          invariants(playback);
          expect(playback.playing).toBe(true);
          expect(playback.t).toBeGreaterThanOrEqual(Math.min(one, other));
          expect(playback.t).toBeLessThan(Math.max(one, other));
        }
        const off = advance(playback, { type: 'loop-toggle' });
        const end = Math.max(one, other);
        const past = advance({ ...off, t: end - 1, speed: 1000 }, { type: 'elapsed', ms: 250 });
        expect(past.t).toBe(60 * second);
      },
    ),
  );
  // Marked twice in one place, it is taken back.
  const still = startPlayback({ ...opened, live: false, t: second, speed: null });
  const twice = advance(advance(still, { type: 'loop-mark' }), { type: 'loop-mark' });
  expect(twice.loop).toBeNull();
});
