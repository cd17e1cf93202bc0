import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emptyAddress,
  formatAddress,
  levelOrder,
  parseAddress,
} from '../../web/lib/player/address.ts';
import { isSpeed, neighbourSpeed, speeds } from '../../web/lib/player/speed.ts';

const address = fc.record({
  // The address bar carries milliseconds.
  t: fc.option(fc.integer({ min: 0, max: 400 * 3600 * 1000 }).map((ms) => ms * 1000)),
  services: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/), { maxLength: 4 }),
  levels: fc.subarray([...levelOrder]),
  text: fc.string(),
  templates: fc.uniqueArray(fc.integer({ min: 1, max: 99_999 }), { maxLength: 20 }),
  incident: fc.option(fc.integer({ min: 1, max: 99_999 })),
  speed: fc.option(fc.constantFrom(...speeds)),
});

describe('the address bar', () => {
  test('gives back what was written into it', () => {
    fc.assert(
      fc.property(address, (one) => {
        const { address: read, ignored } = parseAddress(formatAddress(one));
        expect(read).toEqual(one);
        expect(ignored).toEqual([]);
      }),
    );
  });

  test('names what makes no sense and keeps the rest', () => {
    const { address: read, ignored } = parseAddress('?t=soon&svc=web&lvl=loud&inc=-1&speed=7e9');
    expect(read).toEqual({ ...emptyAddress, services: ['web'] });
    expect(ignored).toEqual(['t', 'lvl', 'inc', 'speed']);
  });

  test('never throws on what strangers type', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseAddress(`?${text}`)));
  });

  test('is empty where nothing was chosen', () => {
    expect(formatAddress(emptyAddress)).toBe('');
  });
});

describe('the speed menu', () => {
  test('goes up and down by one step and stops at its ends', () => {
    expect(neighbourSpeed(10, 1)).toBe(30);
    expect(neighbourSpeed(7, -1)).toBe(5);
    expect(neighbourSpeed(1000, 1)).toBe('max');
    expect(neighbourSpeed('max', 1)).toBe('max');
    expect(neighbourSpeed('max', -1)).toBe(1000);
    expect(neighbourSpeed(0.25, -1)).toBe(0.25);
  });

  test('refuses what the engine would refuse', () => {
    expect([0, -1, NaN, Infinity, 1001, '10'].some(isSpeed)).toBe(false);
  });
});
