import { describe, expect, test } from 'vitest';
import { advance, startPlayback, type PlaybackAction } from '../../web/lib/player/playback.ts';

const second = 1_000_000;

describe('a loop that is on', () => {
  const opened = startPlayback({
    state: 'completed',
    throughUs: 60 * second,
    durationUs: 60 * second,
    live: false,
    t: 10 * second,
    speed: 1,
  });
  const after = (...actions: PlaybackAction[]) => actions.reduce(advance, opened);
  const marked: PlaybackAction[] = [
    { type: 'loop-mark' },
    { type: 'seek', t: 20 * second },
    { type: 'loop-mark' },
  ];

  test.each([20, 30, 60])('is played from its start where the playhead is at %i s', (at) => {
    const playing = after(...marked, { type: 'seek', t: at * second }, { type: 'play' });
    expect(playing).toMatchObject({ t: 10 * second, playing: true });
  });

  test('is played into from before it', () => {
    const playing = after(...marked, { type: 'seek', t: 5 * second }, { type: 'play' });
    expect(playing).toMatchObject({ t: 5 * second, playing: true });
  });

  test('begins as soon as its end is marked while time moves', () => {
    const playing = after(
      { type: 'loop-mark' },
      { type: 'play' },
      { type: 'elapsed', ms: 250 },
      { type: 'loop-mark' },
    );
    expect(playing).toMatchObject({ t: 10 * second, playing: true });
    expect(playing.loop).toEqual({ from: 10 * second, to: 10.25 * second, on: true });
  });

  test('does not hold a playhead that stands still, nor one when it is off', () => {
    expect(after(...marked)).toMatchObject({ t: 20 * second, playing: false });
    const off = after(...marked, { type: 'loop-toggle' }, { type: 'play' });
    expect(off).toMatchObject({ t: 20 * second, playing: true });
  });
});
