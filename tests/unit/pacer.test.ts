import { describe, expect, test } from 'vitest';
import { Pacer } from '../../engine/replay/pacer.ts';
import type { Speed } from '../../engine/replay/index.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';

/** Plays a stream with a record every 10 ms of scenario time and notes what was released when. */
function play(speed: Speed, options: { paused?: boolean } = {}) {
  const clock = new FakeClock();
  const pacer = new Pacer(clock, speed, options);
  const state = { through: 0, releases: 0, done: false };
  const ceiling = 3_600e6;
  void (async () => {
    while (state.through < ceiling) {
      const nextRecord = Math.ceil(state.through / 10_000) * 10_000;
      state.through = await pacer.admit(nextRecord, ceiling);
      state.releases++;
    }
    state.done = true;
  })();
  return { clock, pacer, state };
}

describe('the pacer', () => {
  test('never waits at full speed', async () => {
    const { state } = play('max');
    await settle();
    expect(state).toEqual({ through: 3_600e6, releases: 1, done: true });
  });

  test.each([0.25, 1, 10, 1000])('at %s× releases that much scenario time', async (speed) => {
    const { clock, state } = play(speed);
    await clock.advance(3_000);
    expect(state.through).toBe(Math.min(3_600e6, 3_000_000 * speed));
  });

  test.each([1, 30, 1000])('keeps %s× when batches are a second long', async (speed) => {
    const clock = new FakeClock();
    const pacer = new Pacer(clock, speed);
    let through = 0;
    void (async () => {
      for (let end = 1_000_000; ; end += 1_000_000) {
        while (through < end) through = await pacer.admit(through, end);
      }
    })();
    await clock.advance(2_000);
    expect(through).toBeGreaterThan(2_000_000 * speed * 0.97);
    expect(through).toBeLessThanOrEqual(2_000_000 * speed);
  });

  test('a pause holds everything, a resume loses nothing and does not jump', async () => {
    const { clock, pacer, state } = play(1);
    await clock.advance(1_000);
    pacer.pause();
    await clock.advance(60_000);
    expect(state.through).toBe(1_000_000);
    pacer.resume();
    await clock.advance(500);
    expect(state.through).toBe(1_500_000);
  });

  test('steps of a paused run: by time, and through the next record', async () => {
    const { clock, pacer, state } = play(1, { paused: true });
    await clock.advance(1_000);
    expect(state.through).toBe(0);
    pacer.step(2_500_000);
    await clock.advance(0);
    expect(state.through).toBe(2_500_000);
    pacer.step();
    await clock.advance(0);
    expect(state.through).toBe(2_500_001);
    await clock.advance(10_000);
    expect(state.through).toBe(2_500_001);
  });

  test('a step finds the next record in a later batch', async () => {
    const pacer = new Pacer(new FakeClock(), 1, { paused: true });
    let through = 0;
    void (async () => {
      // Batches of a second with one record each, at their beginning; the third batch is empty.
      for (let end = 1_000_000; end <= 10_000_000; end += 1_000_000) {
        const record = end === 3_000_000 ? Infinity : end - 1_000_000;
        while (through < end) {
          through = await pacer.admit(through <= record ? record : Infinity, end);
        }
      }
    })();
    const seen: number[] = [];
    for (let i = 0; i < 4; i++) {
      pacer.step();
      await settle();
      seen.push(through);
    }
    expect(seen).toEqual([1, 1_000_001, 3_000_001, 4_000_001]);
  });

  test('a change of speed takes effect at once and keeps the place', async () => {
    const { clock, pacer, state } = play(1);
    await clock.advance(1_000);
    pacer.setSpeed(100);
    await clock.advance(1_000);
    expect(state.through).toBe(101_000_000);
    pacer.setSpeed('max');
    await clock.advance(0);
    expect(state.done).toBe(true);
  });

  test('forgets a debt that the engine could not keep up with', async () => {
    const clock = new FakeClock();
    const pacer = new Pacer(clock, 10);
    await clock.advance(60_000);
    expect(await pacer.admit(0, 3_600e6)).toBe(2_500_000);
  });

  test.each([0, -1, Number.NaN, 0.2, 1001, Infinity])('refuses a speed of %s', (speed) => {
    expect(() => new Pacer(new FakeClock(), speed)).toThrow(RangeError);
  });
});
